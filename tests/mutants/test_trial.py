"""Faults in a small repository: measured, tried, caught or not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mutants.copy import Copy
from mutants.coverage_map import CoverageMap
from mutants.faults import find_fault
from mutants.measuring import Note, measure_changed
from mutants.plugin import NOTES
from mutants.report import shares, survivors_of, write
from mutants.trial import choose, failing_without, try_fault

PYPROJECT = """\
[tool.pytest.ini_options]
pythonpath = ["src"]
addopts = ["-p", "no:kfpkit.testing.plugin"]
markers = ["containers: c", "large: l"]
"""
SMALL = """\
LEAST = 2


def double(x):
    return x + x


def clip(x):
    if x < LEAST:
        return LEAST
    return x


def unused(x):
    return x + 1
"""
TEST_SMALL = """\
import os, subprocess, sys
from kfpkit.small import double


def test_double():
    assert double(2) == 4


def test_clip():
    code = "from kfpkit.small import clip; print(clip(1), clip(3))"
    command = [sys.executable, "-c", code]
    variables = {**os.environ, "PYTHONPATH": ""}  # as if the project were installed
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert done.stdout == "2 3\\n", done.stderr


def test_wrong():
    assert double(1) == 3
"""
TEST_SENT = """\
import pathlib, subprocess, sys


def test_what_is_sent():
    code = pathlib.Path("src/kfpkit/sent.py").read_text()
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout == "3\\n"
"""
TEST_ENGINE = """\
import pytest
from kfpkit.small import unused


@pytest.mark.containers
def test_unused():
    assert unused(1) == 2
"""
LEAVING = """\
import os, pathlib, subprocess, tempfile, time


def test_it():
    folder = pathlib.Path(tempfile.gettempdir()) / "state"
    folder.mkdir()
    if not os.getuid():
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder])
    pathlib.Path("left.txt").write_text(str(folder))
    time.sleep(100)
"""
UNUSED = SMALL.splitlines().index("    return x + 1") + 1
FILES = {
    ".gitignore": "/.kfpkit/\n",
    "pyproject.toml": PYPROJECT,
    "src/kfpkit/__init__.py": "",
    "src/kfpkit/small.py": SMALL,
    "src/kfpkit/sent.py": "print(1 + 2)\n",
    "tests/test_small.py": TEST_SMALL,
    "tests/test_sent.py": TEST_SENT,
}
CLIP = "tests/test_small.py::test_clip"
DOUBLE = "tests/test_small.py::test_double"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Write and commit a repository, and measure its tests."""
    root = tmp_path_factory.mktemp("repository")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    for command in (["init", "--quiet"], ["add", "."], [*identity, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    assert measure_changed(root, root / ".kfpkit", ["tests"], jobs=1) == 2
    return root


@pytest.fixture
def known(repository):
    return CoverageMap.read(repository, repository / ".kfpkit")


@pytest.fixture
def attempt(repository, known):
    """Return a function that tries a fault in a copy."""
    copy = Copy.make(repository, repository / ".kfpkit/copy", repository / ".kfpkit/cache")

    def run(before, after, file="src/kfpkit/small.py"):
        fault = find_fault(repository, file, before, after)
        return try_fault(fault, copy, known, budget=60)

    return run


def reaching(known, line, file="src/kfpkit/small.py"):
    return {note.test for note in known.tests_of(file, line)}


@pytest.mark.slow
def test_each_line_has_the_tests_that_reach_it_in_child_processes_too(known):
    assert reaching(known, 5) == {DOUBLE}
    assert reaching(known, 10) == reaching(known, 11) == {CLIP}
    assert reaching(known, 1) == {DOUBLE, CLIP}


@pytest.mark.slow
def test_what_coverage_cannot_see_has_the_tests_that_name_it(known):
    assert reaching(known, 1, "src/kfpkit/sent.py") == {"tests/test_sent.py::test_what_is_sent"}


@pytest.mark.slow
def test_a_fault_is_caught_in_this_process_in_a_child_and_as_text(attempt):
    caught = [
        attempt("return x + x", "return x - x"),
        attempt("if x < LEAST:", "if x <= LEAST:"),
        attempt("LEAST = 2", "LEAST = 3"),
        attempt("print(1 + 2)", "print(1 - 2)", "src/kfpkit/sent.py"),
    ]
    assert [trial.by for trial in caught] == [
        DOUBLE,
        "",
        CLIP,
        "tests/test_sent.py::test_what_is_sent",
    ]
    assert [trial.caught for trial in caught] == [True, False, True, True]
    (share,) = shares(caught)
    assert (share.package, share.caught, share.counted, share.is_enough) == ("top", 3, 4, False)


@pytest.mark.slow
def test_what_survives_is_found_again_and_the_copy_is_as_before(attempt, repository, tmp_path):
    trial = attempt("return x + 1", "return x + 2")
    assert not trial.caught
    write(tmp_path / "report.json", [trial])
    assert survivors_of(tmp_path / "report.json", repository) == [trial.fault]
    copied = repository / ".kfpkit/copy/repository/src/kfpkit/small.py"
    assert copied.read_text() == SMALL


@pytest.mark.slow
def test_a_fault_that_ends_every_import_is_caught(attempt, repository):
    (repository / "src/kfpkit/small.py").write_text(SMALL)
    assert attempt("LEAST = 2", "LEAST = None").caught


@pytest.mark.slow
def test_a_test_that_pytest_does_not_find_catches_nothing(repository):
    gone = Note(test="tests/test_small.py::test_gone", seconds=1.0, passed=True)
    line = find_fault(repository, "src/kfpkit/small.py", "return x + x", "return x - x")
    known = CoverageMap(
        root=repository,
        notes={gone.test: gone},
        lines={"src/kfpkit/small.py": {line.line: {gone.test}}},
    )
    copy = Copy.make(repository, repository / ".kfpkit/third", repository / ".kfpkit/cache")
    trial = try_fault(line, copy, known, budget=60)
    assert not trial.caught
    assert "test_gone" in trial.said


@pytest.mark.slow
def test_a_test_that_fails_anyway_is_not_asked(known, repository):
    wrong = "tests/test_small.py::test_wrong"
    assert wrong not in known.notes
    copy = Copy.make(repository, repository / ".kfpkit/other", repository / ".kfpkit/cache")
    assert failing_without(copy, [wrong, DOUBLE]) == {wrong}


@pytest.mark.slow
def test_lines_that_moved_keep_their_tests_and_changed_tests_are_measured_again(repository):
    state = repository / ".kfpkit"
    try:
        (repository / "src/kfpkit/small.py").write_text(f"# one\n# two\n{SMALL}")
        moved = CoverageMap.read(repository, state)
        assert reaching(moved, 7) == {DOUBLE}
        assert measure_changed(repository, state, ["tests"], jobs=1) == 0
        (repository / "tests/test_small.py").write_text(TEST_SMALL.replace("_double", "_twice"))
        assert measure_changed(repository, state, ["tests"], jobs=1) == 1
        again = CoverageMap.read(repository, state)
        assert reaching(again, 7) == {"tests/test_small.py::test_twice"}
    finally:
        (repository / "src/kfpkit/small.py").write_text(SMALL)
        (repository / "tests/test_small.py").write_text(TEST_SMALL)


@pytest.mark.slow
def test_tests_that_need_a_container_engine_are_measured_if_they_count(repository):
    state, file = repository / ".kfpkit", repository / "tests/test_engine.py"
    try:
        file.write_text(TEST_ENGINE)
        assert measure_changed(repository, state, ["tests/test_engine.py"], jobs=1) == 1
        reached = CoverageMap.read(repository, state).lines["src/kfpkit/small.py"]
        assert UNUSED not in reached
        assert (
            measure_changed(repository, state, ["tests/test_engine.py"], jobs=1, containers=True)
            == 1
        )
        known = CoverageMap.read(repository, state)
        assert reaching(known, UNUSED) == {"tests/test_engine.py::test_unused"}
        assert measure_changed(repository, state, ["tests/test_engine.py"], jobs=1) == 0
    finally:
        file.unlink()


@pytest.mark.slow
def test_what_a_killed_test_leaves_in_the_temporary_folder_is_removed(repository, tmp_path):
    copy = Copy.make(repository, repository / ".kfpkit/third", repository / ".kfpkit/cache")
    file = copy.repository / "tests/test_leaving.py"
    file.write_text(LEAVING)

    ended = copy.pytest(["-q", str(file)], seconds=8, variables={NOTES: str(tmp_path / "notes")})

    assert ended.timed_out
    left = Path((copy.repository / "left.txt").read_text())
    assert left.name == "state"
    assert not left.parent.exists()


def test_tests_are_taken_while_their_time_lasts_but_one_at_least():
    notes = [Note(test=str(i), seconds=s, passed=True) for i, s in enumerate([50, 20, 8, 3])]
    assert [note.test for note in choose(notes, 60)] == ["0", "2"]
    assert [note.test for note in choose(notes, 5)] == ["0"]
    assert choose([], 60) == []
