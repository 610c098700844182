"""Components are tested in every environment that holds what they import."""

from pathlib import Path

import pytest
from components.claims import find_smoke_tests

from kfpkit.catalogue import list_entries
from kfpkit.catalogue.entries import list_names
from kfpkit.project.project import find_project
from kfpkit.testing.selection import match_environments

PROJECT = find_project(Path(__file__))


@pytest.fixture(scope="module")
def entries():
    """Return the catalogue by name."""
    return {entry.name: entry for entry in list_entries(PROJECT)}


@pytest.mark.parametrize("component", list_names())
def test_a_component_is_tried_in_every_environment_that_it_can_run_in(component, entries):
    fitting = {place.name for place in entries[component].environments}

    tried = {
        name
        for _, patterns in find_smoke_tests(component)
        for name in match_environments(PROJECT, patterns)
    }

    assert tried == fitting
