import os
import time

import pytest

from benchmarks.images import servers


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return a function that puts a program in front of all others."""

    def write(name, script):
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    return write


def test_a_registry_that_cannot_serve_is_not_waited_for(program, tmp_path):
    program("docker-registry", "echo no such storage; exit 1")
    started = time.monotonic()

    with pytest.raises(SystemExit, match="no such storage"), servers.registry(tmp_path / "data"):
        pass

    assert time.monotonic() - started < servers.SECONDS_TO_START / 2


def test_an_engine_that_cannot_start_is_not_waited_for(program):
    program("dockerd", "echo not allowed >&2; exit 1")
    started = time.monotonic()

    with pytest.raises(SystemExit, match="not allowed"), servers.fresh_engine():
        pass

    assert time.monotonic() - started < servers.SECONDS_TO_START / 2
