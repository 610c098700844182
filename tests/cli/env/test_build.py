"""`kfpkit env build --push`, with a registry that cannot be asked."""

from __future__ import annotations

import subprocess
import sys

import pytest
from images.small_environments import environment_files
from misbehaving import refused_address, serve

from kfpkit.environments import list_environments
from kfpkit.project.project import find_project

__all__ = ["refused_address", "serve"]  # fixtures

pytestmark = pytest.mark.containers


@pytest.fixture
def build(project, engine):
    """Return a function that builds and pushes two environments, and sees that none was built."""

    def run(registry: str) -> subprocess.CompletedProcess[str]:
        settings = {"pyproject.toml": f'[tool.kfpkit]\nregistry = "{registry}"\n'}
        root = project(settings | environment_files("one") | environment_files("two"))
        command = [sys.executable, "-m", "kfpkit", "env", "build", "--push"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        for environment in list_environments(find_project(root)):
            assert not engine.images.list(environment.image)
        assert not (root / ".kfpkit" / "images").exists()
        return done

    return run


def test_nothing_is_built_for_a_registry_that_is_down(build, refused_address):
    done = build(f"{refused_address}/tests")

    assert done.returncode == 1
    assert f"The registry `{refused_address}` cannot be reached: Connection refused" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_built_for_a_registry_that_lets_nobody_in(build, serve):
    done = build(f"{serve(lambda request: request.send(403))}/tests")

    assert done.returncode == 1
    assert (
        "denied access to `tests/one` (HTTP 403). Log in with `docker login 127.0.0.1"
        in done.stderr
    )
    assert "denied access to `tests/two`" in done.stderr


def test_nothing_is_built_for_a_registry_that_fails(build, serve):
    done = build(f"{serve(lambda request: request.send(500))}/tests")

    assert done.returncode == 1
    assert "responded with HTTP 500 for `tests/one`" in done.stderr
