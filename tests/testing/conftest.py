"""Small projects with tests of components."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import kfpkit.authoring.component  # noqa: F401 - protobuf's messages are defined once in a process
from kfpkit.environments import text_digests as fingerprint

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
NEXT = f"{sys.version_info.major}.{sys.version_info.minor + 1}"
ROOT = '[tool.kfpkit]\nregistry = "kfpkit-tests"\nsource-roots = ["src"]\n'
PYPROJECT = f"""\
[project]
name = "{{name}}"
version = "0"
requires-python = ">={HERE},<{NEXT}"
dependencies = []

[tool.poetry]
package-mode = false
"""
LOCK = f"""\
package = []

[metadata]
lock-version = "2.1"
python-versions = ">={HERE},<{NEXT}"
content-hash = "{{content_hash}}"
"""
Laboratory = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def laboratory(pytester: pytest.Pytester) -> Laboratory:
    """Return a function that writes a project with the empty environments `one`, `two`, `three`."""

    def write(files: Mapping[str, str]) -> Path:
        environments = [_environment(name) for name in ("one", "two", "three")]
        everything = {"pyproject.toml": ROOT, **files}
        for part in environments:
            everything |= part
        for path, content in everything.items():
            target = pytester.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        return pytester.path

    return write


@pytest.fixture
def committed(laboratory: Laboratory) -> Laboratory:
    """Return a function that writes such a project and commits it."""

    def write(files: Mapping[str, str]) -> Path:
        root = laboratory(files)
        for command in (
            ["init", "--quiet"],
            ["add", "."],
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "All"],
        ):
            subprocess.run(["git", *command], cwd=root, check=True)
        return root

    return write


def _environment(name: str) -> dict[str, str]:
    relevant = {"requires-python": f">={HERE},<{NEXT}", "dependencies": []}
    content_hash = fingerprint.compute_poetry_hash({"project": relevant})
    lock = LOCK.format(content_hash=content_hash)
    imports = {"lock": fingerprint.compute_digest(lock), "distributions": {}, "imports": {}}
    return {
        f"environments/{name}/pyproject.toml": PYPROJECT.format(name=name),
        f"environments/{name}/poetry.lock": lock,
        f"environments/{name}/imports.json": json.dumps(imports),
    }


@pytest.fixture
def loopback() -> Iterator[str]:
    """Listen on this machine's loopback interface; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"
