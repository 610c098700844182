"""Time to collect a component that reaches a project of 500 modules, the first time and again."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.project import functions
from kfpkit.bundle import collect
from kfpkit.project.project import find_project

MODULES = 500


def measure() -> list[Figure]:
    """Collect 500 modules, each of which imports the next ones."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        sys.path.insert(0, str(root))
        function = _write(root)
        project = find_project(root)
        seconds = []
        for _ in range(2):
            started = time.perf_counter()
            bundle = collect(function, project=project)
            seconds.append(time.perf_counter() - started)
    assert len(bundle.files) == MODULES + 2
    return [
        Figure(name=f"collect {MODULES} modules, first time", value=seconds[0], unit="s"),
        Figure(name=f"collect {MODULES} modules, again", value=seconds[1], unit="s"),
    ]


def _write(root: Path) -> Callable[..., int]:
    folder = root / "project"
    folder.mkdir()
    (folder / "__init__.py").touch()
    text = "\n\n".join(functions(0)[:8])
    for index in range(MODULES):
        following = [number for number in (2 * index + 1, 2 * index + 2) if number < MODULES]
        imports = "".join(f"from project import module_{number}\n" for number in following)
        (folder / f"module_{index}.py").write_text(f"{imports}\n\n{text}")
    (root / "collected.py").write_text(
        "from project import module_0\n\n\ndef work() -> int:\n    return id(module_0)\n"
    )
    work: Callable[..., int] = importlib.import_module("collected").work
    return work
