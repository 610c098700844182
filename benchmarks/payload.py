"""Bytes of payload: 50 kB of helpers, kfp's runtime, and the largest helpers that run.

kfp's runtime travels with a component whose image is no environment's. What it adds is also shown
for a pipeline of 17 components, since a cluster stores a pipeline as one object.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import kfpkit.errors
from benchmarks.figures import Figure
from benchmarks.project import write_helpers
from kfpkit.bundle import collect, encode
from kfpkit.compiler.compiler import to_yaml
from kfpkit.project.project import find_project

LARGE = 1_200_000
FOREIGN = 17
FOREIGN_BAR = 20_000
COMPONENT = """\
{imports}

def work() -> int:
    return 1
"""

FOREIGN_COMPONENT = """\
@{decorator}(base_image="python:3.11")
def step_{index}(number: float) -> float:
    return number + {index}
"""


def measure() -> list[Figure]:
    """Encode 50 kB, run 1.2 MB, and check that twice as much is refused with five files."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        sys.path.insert(0, str(root))
        modules = write_helpers(root)
        usual = _command(root, "usual", modules)
        large = _command(root, "large", _noise(root, "large_noise", LARGE))
        _run(large, root)
        _require_refused(root)
        foreign = _command(root, "foreign", [], carry_runtime=True)
        pipelines = {name: _foreign_pipeline(root, name) for name in ("dsl", "kfpkit")}
    return [
        Figure(name="payload of 50 kB of helpers", value=_payload(usual), unit="bytes"),
        Figure(name="start-up code in each task", value=_start_up(usual), unit="bytes"),
        Figure(name="largest payload that was run", value=_payload(large), unit="bytes"),
        Figure(
            name="command with kfp's runtime, for a foreign image",
            value=sum(map(len, foreign)),
            unit="bytes",
            bar=FOREIGN_BAR,
        ),
        *(
            Figure(
                name=f"pipeline of {FOREIGN} components with foreign images, {name}",
                value=size / 1000,
                unit="kB",
            )
            for name, size in zip(("kfp", "kfpkit"), pipelines.values(), strict=True)
        ),
    ]


def _noise(root: Path, package: str, size: int) -> list[str]:
    """Write modules that hardly compress, whose payload is about `size` bytes of base64."""
    pick = random.Random(size)
    folder = root / package
    folder.mkdir()
    count = 8
    for index in range(count):
        text = base64.b85encode(pick.randbytes(size * 3 // 4 // count)).decode()
        (folder / f"part_{index}.py").write_text(f"TEXT = {text!r}\n")
    return [f"{package}.part_{index}" for index in range(count)]


def _command(
    root: Path, name: str, modules: list[str], *, carry_runtime: bool = False
) -> tuple[str, ...]:
    imports = "\n".join(f"import {module}" for module in modules)
    uses = "".join(f"    {module}\n" for module in modules)
    text = COMPONENT.format(imports=imports).replace("    return", f"{uses}    return")
    (root / f"work_{name}.py").write_text(text)
    function = importlib.import_module(f"work_{name}").work
    bundle = collect(function, project=find_project(root))
    return encode(bundle, carry_runtime=carry_runtime)


def _foreign_pipeline(root: Path, name: str) -> int:
    """Compile a pipeline of small components with KFP's or kfpkit's decorator; return its size."""
    numbers = range(FOREIGN)
    decorator = f"{name}.component"
    components = "\n\n".join(
        FOREIGN_COMPONENT.format(decorator=decorator, index=index) for index in numbers
    )
    tasks = "".join(f"    step_{index}(number=number)\n" for index in numbers)
    pipeline = f"@dsl.pipeline\ndef foreign(number: float = 1.0):\n{tasks}"
    text = f"import kfpkit\nfrom kfp import dsl\n\n\n{components}\n\n{pipeline}"
    (root / f"foreign_{name}.py").write_text(text)
    return len(to_yaml(importlib.import_module(f"foreign_{name}").foreign))


def _start_up(command: tuple[str, ...]) -> int:
    return sum(map(len, command[:4]))


def _payload(command: tuple[str, ...]) -> int:
    return sum(map(len, command[4:]))


def _run(command: tuple[str, ...], root: Path) -> None:
    outputs = {
        "outputFile": str(root / "executor_output.json"),
        "parameters": {"Output": {"outputFile": str(root / "output")}},
    }
    executor_input = json.dumps({"inputs": {}, "outputs": outputs})
    arguments = ["--executor_input", executor_input, "--function_to_execute", "work"]
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run([*command, *arguments], env=environment, check=True, capture_output=True)
    written = json.loads((root / "executor_output.json").read_text())
    if written["parameterValues"] != {"Output": 1}:
        sys.exit("The component with large helpers did not write its output.")


def _require_refused(root: Path) -> None:
    try:
        _command(root, "refused", _noise(root, "refused_noise", 2 * LARGE))
    except kfpkit.errors.BundleError as error:
        if str(error).count("refused_noise/part_") == 5:  # noqa: PLR2004 - the five largest
            return
        sys.exit(f"The refusal does not name the five largest files: {error}")
    sys.exit("A payload of 2.4 MB was not refused.")
