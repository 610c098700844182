"""The names that a component may use without an import or a definition."""

from __future__ import annotations

import builtins
import typing
from collections.abc import Mapping

from kfpkit.bundle.reading.compile_time import RUNTIME_DSL_NAMES

_MODULE_NAMES = frozenset(
    {
        "__annotations__",
        "__builtins__",
        "__cached__",
        "__dict__",
        "__doc__",
        "__file__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
        "__KFP_EMBEDDED_ASSET_DIR",
        "__KFP_EMBEDDED_ASSET_FILE",
    }
)
ALWAYS_THERE = _MODULE_NAMES | frozenset(dir(builtins))
# What KFP writes in front of a lightweight component's source.
KFP_PREAMBLE: Mapping[str, str] = {
    **{name: f"from typing import {name}" for name in typing.__all__},
    **{name: f"from kfp.dsl import {name}" for name in RUNTIME_DSL_NAMES},
    "dsl": "from kfp import dsl",
    "kfp": "import kfp",
}
