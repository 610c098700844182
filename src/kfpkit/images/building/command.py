"""Finds the command that builds images: a `docker` with BuildKit."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess

from kfpkit.engine import Engine
from kfpkit.errors import NoBuildCommandError, PodmanEngineError

_LAST_WITH_BUILDKIT_INSIDE = 22


@functools.cache
def find_build_command() -> str:
    """Find a `docker` command that builds with BuildKit.

    Clients before version 23 contain BuildKit. Later ones need the plug-in `buildx`. Several
    clients may be on the path.

    Raises:
        NoBuildCommandError: There is none.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = dict.fromkeys(filter(None, (shutil.which("docker", path=one) for one in folders)))
    podman = tuple(command for command in found if _is_podman(command))
    for command in found:
        if command not in podman and _has_buildkit(command):
            return command
    raise NoBuildCommandError(found=tuple(found), podman=podman)


def require_buildkit(engine: Engine) -> None:
    """Refuse an engine that responds like Docker's but can't build.

    Raises:
        PodmanEngineError: It is Podman.
        EngineError: It doesn't report its kind.
    """
    try:
        parts = engine.client.version().get("Components") or ()
    except engine.faults as error:
        raise engine.fault(error) from error
    if any(part.get("Name") == "Podman Engine" for part in parts):
        raise PodmanEngineError(address=engine.address)


def _is_podman(command: str) -> bool:
    """Recognize Podman's substitute for Docker's client, with versions like Docker's old ones."""
    return _ask([command, "--version"]).startswith("podman ")


def _has_buildkit(command: str) -> bool:
    version = _ask([command, "version", "--format", "{{json .Client.Version}}"])
    try:
        major = int(str(json.loads(version.splitlines()[0])).partition(".")[0])
    except (ValueError, IndexError):
        return False
    if major <= _LAST_WITH_BUILDKIT_INSIDE:
        return True
    return bool(_ask([command, "buildx", "version"]))


def _ask(command: list[str]) -> str:
    """Return the output of a command. "" if it fails; a client prints its version even then."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 or "version" in command[1:2] else ""
