"""Small faults are made of all code that runs, and of nothing else."""

from __future__ import annotations

import ast

import pytest

from mutants.faults import find_fault, possible_faults

SOURCE = '''\
"""A module."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

__all__ = ["count"]


@decorated(limit=3)
def count(values: Many[int] | None, least: int = 2) -> int:
    """Count them."""
    if values is None or len(values) < least:
        return 0
    return sum(values, start=1)
'''


@pytest.fixture
def source(tmp_path):
    (tmp_path / "module.py").write_text(SOURCE)
    return tmp_path


def test_each_line_that_runs_has_faults_and_no_other(source):
    assert {each.line for each in possible_faults(source, "module.py")} == {14, 16, 17, 18}


def test_a_fault_changes_the_lines_that_it_names(source):
    for possible in possible_faults(source, "module.py"):
        fault = possible.fault()
        ast.parse(fault.code)
        assert fault.before != fault.after
        assert SOURCE.count(fault.before) == 1
        assert SOURCE.replace(fault.before, fault.after) == fault.code


def test_faults_are_of_many_kinds(source):
    changes = {each.fault().after for each in possible_faults(source, "module.py")}
    assert {
        "def count(values: Many[int] | None, least: int = 3) -> int:",
        "if values is None or len(values) <= least:",
        "if values is not None or len(values) < least:",
        "if values is None and len(values) < least:",
        "return 1",
        "return sum(None, start=1)",
    } <= changes


def test_a_fault_is_found_again_by_its_lines(source):
    found = find_fault(source, "module.py", "return 0", "return 1")
    (source / "module.py").write_text("LIMIT = 5\n" + SOURCE)
    moved = find_fault(source, "module.py", "return 0", "return 1")
    assert (found.line, moved.line) == (17, 18)
    assert "least:\n        return 1\n" in moved.code


def test_a_fault_of_code_that_has_changed_is_not_found(source):
    assert find_fault(source, "module.py", "return 5", "return 6") is None
    assert find_fault(source, "gone.py", "return 0", "return 1") is None
