"""The base images that small environments name, as `.ci/engine` makes them."""

from __future__ import annotations

import io
import os
import ssl
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import docker

# Some machines reach Debian's packages only with a certificate of their own.
STRIPPING = """\
FROM {base}
COPY certificates /tmp/certificates
RUN apt-get -o Acquire::https::CAInfo=/tmp/certificates -q update && \\
  apt-get -o Acquire::https::CAInfo=/tmp/certificates -q install -y --no-install-recommends binutils
"""
PROGRAM = Path(__file__).parents[2] / ".ci" / "engine"


def have_base(engine: docker.DockerClient, name: str) -> str:
    """Make a base image unless the engine has it."""
    if not engine.images.list(name):
        wanted = name.rpartition(":")[2]
        subprocess.run([PROGRAM, "bases", wanted], check=True, env=os.environ)
    return name


def have_stripping_base(engine: docker.DockerClient, base: str) -> str:
    """Add to a base image what builds of images install, unless the engine has it."""
    name = f"{base}-stripping"
    if not engine.images.list(name):
        certificates = Path(ssl.get_default_verify_paths().cafile or os.devnull).read_bytes()
        recipe = STRIPPING.format(base=base)
        build_base(engine, name, recipe, {"certificates": certificates}, network="host")
    return name


def build_base(
    engine: docker.DockerClient,
    name: str,
    recipe: str,
    files: Mapping[str, bytes] | None = None,
    *,
    network: str = "none",
) -> None:
    """Build an image from the lines of a Dockerfile and the files that it copies."""
    with io.BytesIO() as written:
        with tarfile.open(fileobj=written, mode="w") as context:
            for path, content in {**(files or {}), "Dockerfile": recipe.encode()}.items():
                member = tarfile.TarInfo(path)
                member.size, member.mode = len(content), 0o755
                context.addfile(member, io.BytesIO(content))
        written.seek(0)
        engine.images.build(
            fileobj=written, custom_context=True, tag=name, network_mode=network, rm=True
        )
