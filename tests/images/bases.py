"""The base images that small environments name, as `.ci/engine` makes them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import docker

PROGRAM = Path(__file__).parents[2] / ".ci" / "engine"


def have_base(engine: docker.DockerClient, name: str) -> str:
    """Make a base image unless the engine has it."""
    if not engine.images.list(name):
        wanted = name.rpartition(":")[2]
        subprocess.run([PROGRAM, "bases", wanted], check=True, env=os.environ)
    return name
