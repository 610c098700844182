"""Start-up of a component with 50 kB of helpers, from start to exit, in a locked environment.

Four roads for the same function: KFP's lightweight component without helpers (the floor), KFP's
`additional_funcs`, KFP's `embedded_artifact_path`, and kfpkit. No road installs anything.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, ratio
from benchmarks.project import HELPER_MODULES, functions, write_helpers
from benchmarks.timing import in_turn
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.project.project import find_project

ROUNDS = 50
ROAD = """\
import kfpkit
from kfp import dsl

{helpers}

@{decorator}(base_image="python:3.11", install_kfp_package=False{options})
def work(number: int) -> int:
{imports}    return number + 1
"""


def measure() -> list[Figure]:
    """Time the four roads in a virtual environment, and in a container where the image is there."""
    environment = find_environment(find_project(Path(__file__)), "sklearn")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        roads = _roads(root)
        here = {name: _command(component, root / name) for name, component in roads.items()}
        path = f"{ensure_virtual_environment(environment) / 'bin'}:{os.environ['PATH']}"
        seconds = in_turn(here, rounds=ROUNDS, environment={"PATH": path}, folder=root)
        figures = _figures("start-up", seconds)
        if _has_image(environment.image):
            run = ["docker", "run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp"]
            contained = {
                name: [*run, environment.image, *_command(component, Path("/tmp/outputs"))]
                for name, component in roads.items()
            }
            seconds = in_turn(contained, rounds=ROUNDS, environment=dict(os.environ), folder=root)
            figures += _figures("start-up in a container", seconds)
    return figures


def _figures(what: str, seconds: Mapping[str, Sequence[float]]) -> list[Figure]:
    ours = seconds["kfpkit"]
    return [
        *(
            Figure(name=f"{what}, {name}", value=1000 * statistics.median(runs), unit="ms")
            for name, runs in seconds.items()
        ),
        Figure(
            name=f"{what}, kfpkit / plain", value=ratio(ours, seconds["plain"]), unit="x", bar=1.05
        ),
        Figure(
            name=f"{what}, kfpkit / embedded_artifact_path",
            value=ratio(ours, seconds["embedded_artifact_path"]),
            unit="x",
            bar=1.0,
            below=True,
        ),
    ]


def _has_image(image: str) -> bool:
    """Say whether a container engine answers and has an image."""
    if shutil.which("docker") is None:
        return False
    command = ["docker", "image", "inspect", image]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _roads(root: Path) -> dict[str, Any]:
    """Write a module for each road and return its component."""
    modules = write_helpers(root)
    write_helpers(root / "archive")
    imports = "".join(f"    import {module}\n" for module in modules)
    texts = [text for index in range(HELPER_MODULES) for text in functions(index)]
    names = ", ".join(text[len("def ") : text.index("(")] for text in texts)
    sources = {
        "plain": ROAD.format(decorator="dsl.component", options="", helpers="", imports=""),
        "additional_funcs": ROAD.format(
            decorator="dsl.component",
            options=f", additional_funcs=[{names}]",
            helpers="\n\n".join(texts),
            imports="",
        ),
        "embedded_artifact_path": ROAD.format(
            decorator="dsl.component",
            options=f", embedded_artifact_path={str(root / 'archive')!r}",
            helpers="",
            imports=imports,
        ),
        "kfpkit": ROAD.format(
            decorator="kfpkit.component", options="", helpers="", imports=imports
        ),
    }
    sys.path.insert(0, str(root))
    for name, source in sources.items():
        (root / f"road_{name}.py").write_text(source)
    return {name: importlib.import_module(f"road_{name}").work for name in sources}


def _command(component: Any, folder: Path) -> list[str]:
    """Return the command that a component's container runs."""
    [executor] = component.pipeline_spec.deployment_spec["executors"].values()
    executor_input = {
        "inputs": {"parameterValues": {"number": 1}},
        "outputs": {
            "parameters": {"Output": {"outputFile": str(folder / "output")}},
            "outputFile": str(folder / "executor_output.json"),
        },
    }
    parts = [*executor["container"]["command"], *executor["container"]["args"]]
    return [json.dumps(executor_input) if part == "{{$}}" else part for part in parts]
