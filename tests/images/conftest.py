"""Small environments, a real registry, registries that misbehave, and base images."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from images.bases import build_base, have_base, have_stripping_base
from images.own_engine import OwnEngine
from images.small_environments import BASE, environment_files
from misbehaving import refused_address, serve

from kfpkit.images import build
from kfpkit.images.building.command import find_build_command
from kfpkit.project.project import find_project

__all__ = ["refused_address", "serve"]  # fixtures


@pytest.fixture
def tiny(project):
    """Return a function that writes a project of small environments for a registry."""

    def write(registry: str = "127.0.0.1:9/tests", files: dict[str, str] | None = None, **options):
        settings = f'[tool.kfpkit]\nregistry = "{registry}"\n'
        written = {"pyproject.toml": settings} | (files or environment_files(**options))
        return find_project(project(written))

    return write


@pytest.fixture(autouse=True)
def _forget():
    """Let no client, and no choice of a command, live longer than a test."""
    yield
    find_build_command.cache_clear()


@pytest.fixture
def registry(registry_server, request) -> str:
    """Return a part of the registry that no other test uses."""
    return f"{registry_server}/{abs(hash(request.node.nodeid)):x}"


@pytest.fixture(scope="session")
def base(engine) -> str:
    """Have the base image that small environments name."""
    return have_base(engine, BASE)


@pytest.fixture
def make(engine):
    """Return a function that builds, and removes the images afterwards."""
    made = []

    def run(project, *names, **options):
        made.append(project)
        return build(project, names, **{"network": "host", **options})

    yield run
    for project in made:
        for image in engine.images.list():
            for tag in image.tags:
                if tag.startswith(project.registry):
                    engine.api.remove_image(tag, force=True)


@pytest.fixture(scope="session")
def stripping_base(engine, base) -> str:
    """Have the base image with what builds of images install, so that they need not."""
    return have_stripping_base(engine, base)


@pytest.fixture
def again(engine, base, registry):
    """Return a function that makes a base image once more, so that no step of a build is cached.

    It has a log of its own. Logs are not kept: what is built from either is the same.
    """
    made = []

    def make(base: str = base) -> str:
        name = f"{base}-{registry.rpartition('/')[2]}"
        recipe = f"FROM {base}\nRUN echo {name} > /var/log/kfpkit-tests\n"
        build_base(engine, name, recipe)
        made.append(name)
        return name

    yield make
    for name in made:
        engine.api.remove_image(name, force=True)


@pytest.fixture
def prepared(tiny, registry, stripping_base):
    """Write a project whose base image has what builds install."""
    return tiny(registry, settings=f'base-image = "{stripping_base}"')


@pytest.fixture
def uncached(tiny, registry, again, stripping_base):
    """Write a project for whose image no step of a build is cached."""
    return tiny(registry, settings=f'base-image = "{again(stripping_base)}"')


@pytest.fixture
def variant(engine, registry):
    """Return a function that makes a base image with more files, by the lines of a Dockerfile."""
    name = f"{BASE}-{registry.rpartition('/')[2]}-variant"

    def make(lines: str, **files: bytes) -> str:
        build_base(engine, name, f"FROM {BASE}\n{lines}\n", files)
        return name

    yield make
    engine.api.remove_image(name, force=True)


@pytest.fixture
def endless(tiny, registry, variant):
    """Write a project whose image has a module that cannot be imported in this life."""
    folder = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    base = variant(
        f'RUN echo "import time; time.sleep(600)" > "$(python3 -c "{folder}")/endless.py"'
    )
    return tiny(registry, settings=f'base-image = "{base}"', imports=("endless", "six"))


@pytest.fixture
def unchecked(engine):
    """Return a function that lists what an engine has of images that are not checked yet."""

    def find() -> list[str]:
        tags = [tag for image in engine.images.list() for tag in image.tags]
        checks = engine.containers.list(
            all=True, filters={"label": "dev.kfpkit.unchecked"}, ignore_removed=True
        )
        return [tag for tag in tags if "unchecked" in tag] + [one.short_id for one in checks]

    return find


@pytest.fixture
def layer_files():
    """Return a function that yields the files of an image's layers, each with its bytes."""

    def read(image) -> Iterator[tuple[str, bytes]]:
        with tempfile.TemporaryFile() as saved:
            for chunk in image.save():
                saved.write(chunk)
            saved.seek(0)
            with tarfile.open(fileobj=saved) as outer:
                (manifest,) = json.load(outer.extractfile("manifest.json"))
                for layer in manifest["Layers"]:
                    with tarfile.open(fileobj=outer.extractfile(layer)) as files:
                        for file in files:
                            yield file.name, files.extractfile(file).read() if file.isreg() else b""

    return read


@pytest.fixture
def tags():
    """Return a function that asks a registry for the tags of an image."""

    def ask(registry: str, name: str = "tiny") -> list[str]:
        host, _, folder = registry.partition("/")
        try:
            with urllib.request.urlopen(f"http://{host}/v2/{folder}/{name}/tags/list") as answer:
                return sorted(json.load(answer)["tags"] or [])
        except urllib.error.HTTPError:
            return []

    return ask


@pytest.fixture
def own_engine(monkeypatch):
    """Start an engine that this test may break, and let the test's commands use it."""
    if os.getuid() or not shutil.which("dockerd"):
        pytest.skip("no engine can be started")
    folder = Path(tempfile.mkdtemp(prefix="kfpkit-engine-"))
    engine = OwnEngine(folder)
    monkeypatch.setenv("DOCKER_HOST", engine.address)
    try:
        yield engine
    finally:
        engine.stop()
        subprocess.run(["umount", "--quiet", engine.data], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
