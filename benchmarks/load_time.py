"""What placeholders cost while a pipeline loads."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, ratio
from kfpkit.environments import Provision
from kfpkit.placeholders import Load, placeholders

ROUNDS = 9
STATEMENTS = 200_000
MODULES = 300
IMPORTED = ("json", "os", "sys", "re", "time", "pathlib", "typing", "functools", "itertools")
REPEATED = """\
def repeat_import(count):
    for _ in range(count):
        from os import path


def make_placeholders(count):
    import numpy as np
    for _ in range(count):
        np.zeros(3)
"""


def measure() -> list[Figure]:
    """Time import statements, modules full of them, and the making of placeholders."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "repeated.py").write_text(REPEATED)
        for number in range(MODULES):
            (root / f"module_{number}.py").write_text(f"import {', '.join(IMPORTED)}\n")
        sys.path.insert(0, folder)
        try:
            return _figures(root, importlib.import_module("repeated"))
        finally:
            sys.path.remove(folder)


def _figures(root: Path, repeated: Any) -> list[Figure]:
    provision = Provision(distribution="numpy", environments=("all",))
    load = Load(project=root, roots=lambda: (root,), provisions=lambda: {"numpy": provision})
    windows: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "without": nullcontext,
        "with": lambda: placeholders(load),
    }
    statements = _in_turn(windows, lambda: repeated.repeat_import(STATEMENTS))
    modules = _in_turn(windows, _import_all)
    with placeholders(load):
        made = min(_timed(lambda: repeated.make_placeholders(1000)) for _ in range(ROUNDS))
    more = (min(statements["with"]) - min(statements["without"])) / STATEMENTS
    return [
        Figure(name="an import while loading, more", value=1e6 * more, unit="µs", bar=1),
        Figure(
            name=f"load {MODULES} modules, with placeholders / without",
            value=ratio(modules["with"], modules["without"]),
            unit="x",
            bar=1.15,
        ),
        Figure(name="a placeholder", value=1e6 * made / 1000, unit="µs"),
    ]


def _in_turn(
    windows: dict[str, Callable[[], AbstractContextManager[None]]], work: Callable[[], None]
) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in windows}
    for _ in range(ROUNDS):
        for name, window in windows.items():
            with window():
                seconds[name].append(_timed(work))
    return seconds


def _timed(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _import_all() -> None:
    importlib.invalidate_caches()
    for number in range(MODULES):
        name = f"module_{number}"
        sys.modules.pop(name, None)
        importlib.import_module(name)
