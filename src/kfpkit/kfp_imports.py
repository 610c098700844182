"""Imports KFP without the parts that no command of kfpkit needs.

`import kfp` imports KFP's client, and with it the libraries of Kubernetes and of Google's
authentication. This takes more than half of the time of compiling a small pipeline. KFP has a
switch that leaves out what a container doesn't need. This module uses the switch for the package
`kfp` itself, and for nothing below it. The rest is imported on first use, so an author's
`kfp.Client()`, `from kfp import client` or `from kfp import *` works as usual.

Contract tests verify the assumptions: with `_KFP_RUNTIME` set, `kfp/__init__.py` imports nothing;
`kfp.dsl` and `kfp.compiler` import neither the client nor `kfp.components`; without the switch, the
package contains `kfp.Client`, these modules, and nothing else.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

_SWITCH = "_KFP_RUNTIME"
_MODULES = ("components", "client")


def import_without_client() -> None:
    """Import KFP's package without its client, unless it is imported already."""
    if "kfp" in sys.modules or _SWITCH in os.environ:
        return
    os.environ[_SWITCH] = "true"
    try:
        kfp = importlib.import_module("kfp")
    finally:
        del os.environ[_SWITCH]
    importlib.import_module("kfp.dsl")
    # Python calls a module's own `__getattr__` and `__dir__` for what its namespace does not have.
    vars(kfp).update(__getattr__=_find, __dir__=_list)


def _find(name: str) -> Any:
    # KFP asks for these too, while it imports them.
    if name in _MODULES:
        return importlib.import_module(f"kfp.{name}")
    # A star import asks for `__all__`, which the package does not have, and then for all there is.
    if name in {"Client", "__all__"}:
        _add_the_rest()
    kfp = sys.modules["kfp"]
    if name in vars(kfp):
        return vars(kfp)[name]
    raise AttributeError(f"module 'kfp' has no attribute {name!r}", name=name, obj=kfp)


def _list() -> list[str]:
    _add_the_rest()
    return sorted(vars(sys.modules["kfp"]))


def _add_the_rest() -> None:
    """Import the omitted modules, and remove their replacement."""
    namespace = vars(sys.modules["kfp"])
    for name in _MODULES:
        importlib.import_module(f"kfp.{name}")
    namespace["Client"] = sys.modules["kfp.client"].Client
    for name in ("__getattr__", "__dir__"):
        namespace.pop(name, None)
