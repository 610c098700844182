"""Finds the container engine: at `DOCKER_HOST`, or at the address of Docker's current context."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

_SOCKET = "unix:///var/run/docker.sock"


def locate_engine() -> str:
    """Find the address of the engine."""
    return os.environ.get("DOCKER_HOST") or _ask_current_context() or _SOCKET


def knock(address: str) -> None:
    """Raise an error if nothing listens. Otherwise, the library would leave its socket open."""
    kind, _, path = address.partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)


def _ask_current_context() -> str:
    command = shutil.which("docker")
    if command is None:
        return ""
    asked = [command, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
