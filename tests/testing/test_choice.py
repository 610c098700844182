"""What a session of pytest prints about the tests that it leaves out."""

from __future__ import annotations

from pathlib import Path

from kfpkit.testing.changes import Changes
from kfpkit.testing.choice import Choice


def test_nothing_is_said_of_a_choice_that_takes_everything():
    assert Choice().description() == []


def test_environments_and_changed_files_are_named():
    changes = Changes(paths=frozenset({Path("/project/a.py"), Path("/project/b.py")}))
    choice = Choice(revision="main", environments=frozenset({"two", "one"}), changes=changes)

    assert choice.description() == [
        "kfpkit: only in one, two",
        "kfpkit: only what differs from main (2 files do)",
    ]
