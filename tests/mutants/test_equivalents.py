"""The list of equivalent faults speaks of the code as it is."""

from __future__ import annotations

from pathlib import Path

from mutants.equivalents import Equivalent, read_equivalents
from mutants.faults import Fault, find_fault
from mutants.report import split

ROOT = Path(__file__).parents[2]
LISTED = read_equivalents()


def test_each_is_a_fault_of_the_present_code():
    gone = [
        f"{each.file}: {each.after}"
        for each in LISTED
        if find_fault(ROOT, each.file, each.before, each.after) is None
    ]
    assert gone == []


def test_each_stands_there_once_and_has_a_reason():
    assert len({(each.file, each.before, each.after) for each in LISTED}) == len(LISTED)
    assert all(len(each.reason) > 20 for each in LISTED)


def test_what_is_listed_is_not_tried():
    facts = {"file": "a.py", "before": "x = 1", "after": "x = 2"}
    fault = Fault(line=1, kind="number", code="", **facts)
    other = Fault(line=1, kind="number", code="", **{**facts, "after": "x = None"})
    listed = Equivalent(reason="because", **facts)
    assert split([fault, other], [listed]) == ([other], [fault])
