"""Finding a command that builds, and refusing what only looks like one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kfpkit.errors import NoBuildCommandError, PodmanEngineError
from kfpkit.images import build
from kfpkit.images.building.command import find_build_command

DOCKER = """\
case "$*" in
  --version) echo "Docker version {version}, build 0" ;;
  "version --format {{{{json .Client.Version}}}}") echo '"{version}"' ;;
  "buildx version") {buildx} ;;
esac
"""
PODMAN = """\
echo "Emulate Docker CLI using podman." >&2
case "$*" in
  --version) echo "podman version 4.3.1" ;;
  version*) echo '"4.3.1"' ;;
  *) exit 125 ;;
esac
"""
# What podman 4.3 answers to a question for its version.
PODMAN_ENGINE = {
    "ApiVersion": "1.41",
    "Version": "4.3.1",
    "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}, {"Name": "Conmon"}],
}


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Return a function that puts `docker` commands on the path, the first first."""

    def write(*scripts: str) -> list[str]:
        found = []
        for number, script in enumerate(scripts):
            folder = tmp_path / str(number)
            folder.mkdir()
            command = folder / "docker"
            command.write_text(f"#!/bin/sh\n{script}")
            command.chmod(0o755)
            found.append(str(command))
        monkeypatch.setenv("PATH", os.pathsep.join(str(Path(one).parent) for one in found))
        return found

    return write


def docker(version: str, buildx: str = "exit 1") -> str:
    return DOCKER.format(version=version, buildx=buildx)


def test_the_first_command_with_buildkit_builds(commands):
    found = commands(docker("28.2.2"), docker("28.2.2", "echo v0.24"), docker("20.10.24"))

    assert find_build_command() == found[1]


def test_podman_is_no_old_docker(commands):
    found = commands(PODMAN, docker("20.10.24+dfsg1"))

    assert find_build_command() == found[1]


def test_podman_alone_is_refused_by_name(commands):
    (podman,) = commands(PODMAN)

    with pytest.raises(
        NoBuildCommandError, match=r"docker` \(podman\)\. Install Docker"
    ) as refused:
        find_build_command()
    assert refused.value.podman == (podman,)


def test_an_engine_of_podmans_is_refused_before_anything_is_built(tiny, serve, monkeypatch):
    def answer(request) -> None:
        is_version = request.path.endswith("/version")
        request.send(200, json.dumps(PODMAN_ENGINE).encode() if is_version else b"OK")

    monkeypatch.setenv("DOCKER_HOST", f"tcp://{serve(answer)}")

    with pytest.raises(
        PodmanEngineError, match="Set `DOCKER_HOST` to the address of a Docker engine"
    ):
        build(tiny())
