"""Functions of a project without importing it, and containers as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CellType, CodeType, FunctionType

import pytest

from kfpkit.bundle import Bundle, collect, encode
from kfpkit.project.project import find_project


def find_code(code: CodeType, name: str) -> CodeType | None:
    """Find a function's code in a module's."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found = constant if constant.co_name == name else find_code(constant, name)
            if found is not None:
                return found
    return None


def function_of(file: Path, name: str = "score") -> FunctionType:
    """Make a function as importing its file would, without importing what the file imports."""
    code = find_code(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), name)
    assert code is not None
    closure = tuple(CellType() for _ in code.co_freevars)
    return FunctionType(code, {}, name, None, closure)


@dataclass(frozen=True)
class Outcome:
    """What a task did."""

    code: int
    stdout: str
    stderr: str
    outputs: dict

    @property
    def value(self):
        return self.outputs["parameterValues"]["Output"]


@pytest.fixture
def bundled(project) -> Callable[..., Bundle]:
    """Return a function that writes a project and collects a component of it."""

    def collect_in(files, module="fraud/pipeline.py", name="score", **options) -> Bundle:
        root = project(files)
        function = function_of(root / module, name)
        return collect(function, project=find_project(root), **options)

    return collect_in


@pytest.fixture
def own(bundled) -> Callable[..., str]:
    """Return a function that reduces the source of a module to what `score` reaches."""

    def reduce(source, name="score", **files) -> str:
        bundle = bundled({"fraud/pipeline.py": source, **files}, name=name)
        shipped = next(file for file in bundle.files if file.path == "fraud/pipeline.py")
        return shipped.content.decode()

    return reduce


@pytest.fixture
def run(tmp_path) -> Callable[..., Outcome]:
    """Return a function that runs a bundle's command as a container would."""

    def execute(bundle, parameters=None, *, python=(sys.executable,), environment=None, **options):
        folder = tmp_path / "outputs"
        command = options.pop("command", None) or encode(bundle, **options)
        process = subprocess.run(
            [*python, *command[1:], *executor_arguments(folder, bundle.function, parameters)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=60,
            env={**os.environ, **(environment or {})},
        )
        written = folder / "executor_output.json"
        outputs = json.loads(written.read_text()) if written.exists() else {}
        return Outcome(process.returncode, process.stdout, process.stderr, outputs)

    return execute


def executor_arguments(folder: Path, function: str, parameters=None) -> list[str]:
    """Return the arguments that KFP puts behind a component's command."""
    executor_input = {
        "inputs": {"parameterValues": parameters or {}},
        "outputs": {
            "outputFile": str(folder / "executor_output.json"),
            "parameters": {"Output": {"outputFile": str(folder / "Output")}},
        },
    }
    return [
        "--executor_input",
        json.dumps(executor_input),
        "--function_to_execute",
        function,
    ]
