"""Commands whose reader goes, and terminals that know only ASCII."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

PIPELINES = """
import functools

import kfpkit
from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def talk(path: str, seconds: float = 0.0, broken: bool = False) -> str:
    import pathlib
    import time

    pathlib.Path(path).write_text("started")
    time.sleep(seconds)
    if broken:
        raise ValueError("Fjäll → Öl")
    return "Fjäll → Öl"


@component
def listen(word: str) -> str:
    return word


@dsl.pipeline(name="talking")
def talking(path: str, seconds: float = 0.0, broken: bool = False) -> str:
    before = listen(word="now")
    return talk(path=path, seconds=seconds, broken=broken).after(before).output


@kfpkit.component(environment="all")
def score(x: float) -> float:
    \"\"\"Score Fjäll → Öl.\"\"\"
    return x
"""
ASCII = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
COMMANDS = [
    ["--help"],
    ["run", "--help"],
    ["run", "p", "--param", "path=started"],
    ["run", "p", "--param", "path=started", "--param", "broken=true"],
    ["run", "missing"],
    ["compile", "p"],
    ["bundle", "show", "p/pipeline.py:score"],
    ["bundle", "show", "p/pipeline.py:score", "--source"],
    ["bundle", "show", "p/pipeline.py:score", "--json"],
    ["env", "list"],
    ["env", "check"],
    ["env", "list", "--json"],
    ["--version"],
    ["run", "--nonsense"],
]

VARIABLES = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONUNBUFFERED")

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def root(lean) -> Path:
    return lean({"p/pipeline.py": PIPELINES})


@pytest.fixture
def start(root) -> Start:
    """Return a function that starts a command in the project."""

    def start(
        *arguments: str, variables: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "kfpkit", *arguments]
        inherited = {name: each for name, each in os.environ.items() if name not in VARIABLES}
        environment = {**inherited, **(variables or {"LANG": "C.UTF-8"})}
        return subprocess.Popen(command, env=environment, **{"cwd": root, **options})

    return start


@pytest.fixture
def closed() -> Iterator[int]:
    """Return the end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_without_a_reader_ends_quietly(start, closed, command):
    with start(*command, stdout=closed, stderr=subprocess.PIPE) as process:
        said = process.stderr.read().decode()
    if "error: " in said:  # which standard error still takes
        assert process.returncode in {1, 2}
    else:
        assert (process.returncode, said) == (141, "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("buffering", [{"LANG": "C.UTF-8"}, {"PYTHONUNBUFFERED": "1"}], ids=str)
def test_a_command_without_any_reader_ends_quietly(start, closed, command, buffering):
    with start(*command, variables=buffering, stdout=closed, stderr=closed) as process:
        assert process.wait() == 141


def test_a_run_whose_reader_goes_is_stopped_and_recorded(start, root, tmp_path):
    started = tmp_path / "started"
    arguments = ("run", "p", "--param", f"path={started}", "--param", "seconds=3")
    with start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith(b"Run ")
        process.stdout.close()
        said = process.stderr.read().decode()
    assert (process.returncode, said) == (141, "")
    recorded = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())
    assert recorded["state"] == "stopped"
    assert {task["state"] for task in recorded["tasks"]} <= {"stopped", "succeeded", "not started"}
    assert not any(root.glob(".kfpkit/runs/*/tasks/*/tmp*"))


@pytest.mark.parametrize("variables", ASCII, ids=str)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_writes_ascii_where_that_is_all(start, command, variables):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(*command, variables=variables, **pipes) as process:
        output, errors = process.communicate()
    assert "UnicodeEncodeError" not in errors.decode()
    assert (output + errors).isascii()
    if "broken=true" in command:
        assert b"ValueError: Fj\\xe4ll -> \\xd6l" in errors


def test_a_folder_that_ascii_cannot_spell_is_named_as_its_bytes(root, start, tmp_path):
    (tmp_path / "Öl").mkdir()
    root = root.rename(tmp_path / "Öl/project")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start("run", f"{root}/missing", variables=ASCII[1], cwd="/", **pipes) as process:
        _, errors = process.communicate()
    assert f"error: The pipeline {root}/missing does not exist".encode() in errors
