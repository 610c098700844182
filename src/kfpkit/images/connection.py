"""The connection to a container engine: `DOCKER_HOST`'s, or that of Docker's current context."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from typing import Any

from kfpkit.errors import EngineUnreachableError, ImagesNotInstalledError
from kfpkit.images.causes import cause_of

_SOCKET = "unix:///var/run/docker.sock"


def engine_address() -> str:
    """Find the address of the engine."""
    return os.environ.get("DOCKER_HOST") or _of_current_context() or _SOCKET


def connect(address: str, *, timeout: int) -> Any:
    """Connect to an engine.

    Args:
        address: Its address; the certificates for it are those that the environment names.
        timeout: The seconds that it may take for an answer.

    Returns:
        The docker library's client.

    Raises:
        EngineUnreachableError: None answers there.
        ImagesNotInstalledError: The extra `images` is not installed.
    """
    try:
        import docker  # noqa: PLC0415 - an extra: compiling does without
    except ImportError:
        raise ImagesNotInstalledError from None
    try:
        knock(address)
        settings = docker.utils.kwargs_from_env() | {"base_url": address}
        client = docker.DockerClient(version="auto", timeout=timeout, **settings)
        client.ping()
    except (docker.errors.DockerException, OSError) as error:
        raise EngineUnreachableError(address=address, cause=cause_of(error)) from error
    return client


def knock(address: str) -> None:
    """Raise an error if nobody listens; the library would leave its socket open then."""
    kind, _, path = address.partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)


def _of_current_context() -> str:
    command = shutil.which("docker")
    if command is None:
        return ""
    asked = [command, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
