"""One fault, put into a copy, and the tests of its line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants.copy import Copy
from mutants.coverage_map import CoverageMap
from mutants.faults import Fault
from mutants.measuring import Note
from mutants.plugin import MEMORY, NOTES

BYTES = 12 * 2**30
MOST = 400
SLOWER = 4.0  # a trial may take so many times what its tests took without a fault
START = 60.0  # seconds for pytest to begin and end
COLLECTING = 300.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What became of a fault.

    Args:
        fault: The fault.
        tests: How many tests were to run, the first that fails ends them.
        reached: How many tests reach the line.
        caught: Whether one failed, or the fault kept pytest from running them.
        by: The test that failed; nothing when it was not a test.
        said: The end of what pytest printed, where no test failed.
        seconds: How long they would take without the fault.
    """

    fault: Fault
    tests: int
    reached: int
    caught: bool
    by: str = ""
    said: str = ""
    seconds: float = 0.0


def choose(notes: Sequence[Note], budget: float) -> list[Note]:
    """Take tests in their order until they would take longer than a budget, but one at least."""
    chosen: list[Note] = []
    seconds = 0.0
    for note in notes[:MOST]:
        if chosen and seconds + note.seconds > budget:
            continue
        chosen.append(note)
        seconds += note.seconds
    return chosen


def try_fault(fault: Fault, copy: Copy, known: CoverageMap, *, budget: float) -> Trial:
    """Put a fault into a copy, run tests there until one fails, and take it back.

    Args:
        fault: The fault.
        copy: The copy, as the repository is.
        known: Which tests reach which lines.
        budget: How many seconds of tests are run at most.
    """
    reaching = known.tests_of(fault.file, fault.line)
    chosen = choose(reaching, budget)
    seconds = sum(note.seconds for note in chosen)
    facts = {"fault": fault, "tests": len(chosen), "reached": len(reaching), "seconds": seconds}
    if not chosen:
        return Trial(**facts, caught=False)  # type: ignore[arg-type]
    notes = copy.folder / "notes"
    notes.unlink(missing_ok=True)
    (copy.repository / fault.file).write_text(fault.code, encoding="utf-8")
    variables = {NOTES: str(notes), MEMORY: str(BYTES)}
    tests = ["-q", "-x", *(note.test for note in chosen)]
    try:
        ended = copy.pytest(tests, seconds=SLOWER * seconds + START, variables=variables)
        if ended.was_killed:  # by somebody else, as far as one can tell
            ended = copy.pytest(tests, seconds=SLOWER * seconds + START, variables=variables)
    finally:
        copy.restore()
    by = _first_failed(notes) if ended.code != 0 else ""
    if ended.code == 0 or by:
        return Trial(**facts, caught=bool(by), by=by)  # type: ignore[arg-type]
    # Nothing failed, so that the fault has to be what kept pytest from running these tests.
    caught = ended.timed_out or _can_collect(copy, tests)
    said = f"exit code {ended.code}: {ended.output[-500:]}"
    return Trial(**facts, caught=caught, said=said)  # type: ignore[arg-type]


def _can_collect(copy: Copy, tests: Sequence[str]) -> bool:
    notes = {NOTES: str(copy.folder / "notes")}
    return copy.pytest(["--collect-only", *tests], seconds=COLLECTING, variables=notes).code == 0


def _first_failed(notes: Path) -> str:
    lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    failed = [note["test"] for note in map(json.loads, lines) if not note["passed"]]
    return str(failed[0]) if failed else ""


def failing_without(copy: Copy, tests: Sequence[str]) -> set[str]:
    """Return those tests that fail in a copy without a fault: they prove nothing."""
    if not tests:
        return set()
    notes = copy.folder / "notes"
    notes.unlink(missing_ok=True)
    copy.pytest(["-q", *tests], seconds=3600.0, variables={NOTES: str(notes)})
    copy.restore()
    ended = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    passed = {note["test"] for note in ended if note["passed"]}
    return set(tests) - passed
