"""The tutorial, followed word by word."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_a_new_user_gets_through_the_tutorial(document, clone):
    document("docs/tutorial.md").follow(clone)

    assert (clone / "build" / "fraud.yaml").is_file()
