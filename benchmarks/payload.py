"""Bytes of payload: 50 kB of helpers, and the largest helpers that run and that are refused."""

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
from kfpkit.config import find_project

LARGE = 1_200_000
COMPONENT = """\
{imports}

def work() -> int:
    return 1
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
    return [
        Figure(name="payload of 50 kB of helpers", value=_payload(usual), unit="bytes"),
        Figure(name="start-up code in each task", value=len(usual[2]), unit="bytes"),
        Figure(name="largest payload that was run", value=_payload(large), unit="bytes"),
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


def _command(root: Path, name: str, modules: list[str]) -> tuple[str, ...]:
    imports = "\n".join(f"import {module}" for module in modules)
    uses = "".join(f"    {module}\n" for module in modules)
    text = COMPONENT.format(imports=imports).replace("    return", f"{uses}    return")
    (root / f"work_{name}.py").write_text(text)
    function = importlib.import_module(f"work_{name}").work
    return encode(collect(function, project=find_project(root)))


def _payload(command: tuple[str, ...]) -> int:
    return sum(map(len, command[3:]))


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
