"""What `kfpkit env list` and `kfpkit env plan` say of the layers that images share."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from images.small_environments import environment_files


@pytest.fixture
def neighbours(project):
    """Return a function that writes environments in which `six` is a layer, and calls a verb."""
    dockerfile = 'FROM scratch\nARG ARRAYS="six"\n'

    def call(*arguments: str, **versions: str):
        files = {"environments/Dockerfile": dockerfile}
        for name, six in versions.items():
            files |= environment_files(name, six=six)
        return subprocess.run(
            [sys.executable, "-m", "kfpkit", "env", *arguments],
            cwd=project(files),
            capture_output=True,
            text=True,
            check=True,
        )

    return call


def test_a_list_says_which_images_share_which_layers(neighbours):
    done = neighbours("list", one="1.17.0", two="1.17.0", three="1.16.0")

    assert "base, kfp: shared by one, three, two\n" in done.stdout
    assert "arrays: shared by one, two\n" in done.stdout


def test_a_plan_says_when_a_lock_splits_a_layer(neighbours):
    done = neighbours("plan", "--offline", one="1.17.0", two="1.17.0", three="1.16.0")

    assert (
        "three does not share the layer `arrays` with one, two: it has six 1.16.0, not "
        "six 1.17.0. To share the layer, lock the same versions.\n"
    ) in done.stdout


def test_a_plan_for_programs_names_the_versions_that_differ(neighbours):
    done = neighbours("plan", "--offline", "--json", one="1.17.0", two="1.17.0", three="1.16.0")

    assert json.loads(done.stdout)["splits"] == [
        {
            "environment": "three",
            "layer": "arrays",
            "others": ["one", "two"],
            "packages": [{"name": "six", "here": "1.16.0", "there": "1.17.0"}],
        }
    ]


def test_a_plan_of_some_environments_is_silent_about_others(neighbours):
    done = neighbours("plan", "one", "--offline", one="1.17.0", two="1.17.0", three="1.16.0")

    assert "does not share" not in done.stdout
