"""The tutorial, followed word by word."""

from __future__ import annotations

import pytest

from kfpkit.emulators import stop_emulator
from kfpkit.project import find_project


@pytest.mark.slow
def test_a_new_user_gets_through_the_tutorial(document, clone):
    document("docs/tutorial.md").follow(clone)

    assert (clone / "build" / "fraud.yaml").is_file()


@pytest.mark.slow
def test_a_new_user_gets_from_the_laptop_to_vertex_ai(document, clone):
    try:
        document("docs/from-laptop-to-vertex.md").follow(clone)
    finally:
        stop_emulator("vertex", project=find_project(clone))
