"""`kfpkit components`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def components(project):
    """Return a function that runs a verb in a project without environments."""
    root = project({})

    def run(*arguments):
        command = [sys.executable, "-m", "kfpkit", "components", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    return run


def test_components_are_found_by_words(components):
    lines = components("list", "bigquery", "snapshot").stdout.splitlines()

    assert lines[0].split() == ["Component", "Purpose", "Environments"]
    assert [line.split()[0] for line in lines[1:]] == ["table_snapshot"]


def test_no_match_is_said(components):
    assert components("list", "teapot").stdout.startswith("No component matches.")


def test_components_are_listed_for_programs(components):
    [entry] = json.loads(components("list", "snapshot", "bigquery", "--json").stdout)

    assert entry["name"] == "table_snapshot"
    assert entry["environments"] == [
        {"name": "gcp", "in_project": False, "size": None, "compressed": None}
    ]


def test_a_component_is_shown_with_the_command_that_adds_its_environment(components):
    shown = components("show", "compare_data").stdout

    assert "from kfpkit.components import compare_data\n" in shown
    assert "  columns: list[str] = []\n      The columns to compare." in shown
    assert "  sklearn (default; add it with: kfpkit env new sklearn --from kfpkit:sklearn)" in shown


def test_an_unknown_component_is_an_error(components):
    done = components("show", "comparedata")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: The catalogue has no component `comparedata`.")
