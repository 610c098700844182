"""The container engine: the `docker` command where BuildKit is needed, its library for the rest."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from requests import RequestException  # type: ignore[import-untyped] # requests ships no types
from urllib3.exceptions import HTTPError

from kfpkit.errors import NoBuildCommandError
from kfpkit.images.connection import connect, engine_address, knock

PLATFORM = "linux/amd64"
_LAST_WITH_BUILDKIT_INSIDE = 22
_PATIENCE = 600  # seconds, for one answer


class Engine:
    """A container engine that answers."""

    def __init__(self) -> None:
        """Connect to the engine that `DOCKER_HOST` names, or Docker's current context.

        Raises:
            EngineUnreachableError: None answers.
            ImagesNotInstalledError: The extra `images` is not installed.
        """
        self.address = engine_address()
        self._api = connect(self.address, timeout=_PATIENCE).api
        from docker import errors  # noqa: PLC0415 - an extra: compiling does without

        self._missing = errors.ImageNotFound
        # The library hands on what its own HTTP library raises while an answer streams in.
        self.faults = (errors.DockerException, RequestException, HTTPError)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def answers(self) -> bool:
        """Say whether the engine is still there."""
        try:
            knock(self.address)
            return bool(self._api.ping())
        except (*self.faults, OSError):
            return False

    def inspect(self, image: str) -> Mapping[str, Any] | None:
        """Describe an image by reference or id; None when the engine does not have it."""
        try:
            found: Mapping[str, Any] = self._api.inspect_image(image)
        except self._missing:
            return None
        return found

    def labels(self, image: str) -> Mapping[str, str] | None:
        """Read the labels of an image; None when the engine does not have it."""
        found = self.inspect(image)
        return None if found is None else (found["Config"].get("Labels") or {})

    def tag(self, image_id: str, repository: str, tag: str) -> None:
        """Give an image a name."""
        self._api.tag(image_id, repository, tag)

    def remove_unnamed(self, image_id: str) -> None:
        """Remove an image that has no name; one that has stays."""
        found = self.inspect(image_id)
        if found is not None and not found.get("RepoTags"):
            self._api.remove_image(image_id)

    def push(self, repository: str, tag: str) -> Iterator[Mapping[str, Any]]:
        """Push an image, and yield what the engine says while it does."""
        yield from self._api.push(repository, tag=tag, stream=True, decode=True)

    def run_sealed(self, image_id: str, command: list[str], *, timeout: int) -> tuple[int, str]:
        """Run a command in an image as a strict cluster would.

        With a read-only root, no network, no capabilities and the image's own user, which is not
        root; only `/tmp` can be written.

        Args:
            image_id: The image.
            command: The command.
            timeout: The seconds that it may take.

        Returns:
            The exit code and what it wrote.
        """
        sealed = self._api.create_host_config(
            read_only=True,
            network_mode="none",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            tmpfs={"/tmp": "mode=1777"},  # noqa: S108 - a folder in the container
        )
        container = self._api.create_container(
            image_id, command=command, entrypoint="", host_config=sealed
        )["Id"]
        try:
            self._api.start(container)
            code = int(self._api.wait(container, timeout=timeout)["StatusCode"])
            return code, self._api.logs(container).decode(errors="replace")
        finally:
            self._api.remove_container(container, force=True)


@functools.cache
def build_command() -> str:
    """Find a `docker` command that builds with BuildKit.

    A client before version 23 has it inside; later ones need the plug-in `buildx`. Several clients
    may be on the path.

    Raises:
        NoBuildCommandError: There is none.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = dict.fromkeys(filter(None, (shutil.which("docker", path=one) for one in folders)))
    for command in found:
        if _has_buildkit(command):
            return command
    raise NoBuildCommandError(found=tuple(found))


def _has_buildkit(command: str) -> bool:
    version = _output([command, "version", "--format", "{{json .Client.Version}}"])
    try:
        major = int(str(json.loads(version.splitlines()[0])).partition(".")[0])
    except (ValueError, IndexError):
        return False
    if major <= _LAST_WITH_BUILDKIT_INSIDE:
        return True
    return bool(_output([command, "buildx", "version"]))


def _output(command: list[str]) -> str:
    """Return what a command writes; "" when it fails (a client prints its version even so)."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 or "version" in command[1:2] else ""
