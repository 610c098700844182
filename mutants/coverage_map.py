"""From a line to the tests that reach it, the promising ones first."""

from __future__ import annotations

import ast
import difflib
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from coverage import CoverageData

from mutants.measuring import Measurement, Note, measurements
from mutants.packages import SOURCES

REACH = 12  # lines around one that nothing is known of, such as the middle of a statement
_PHASE = re.compile(r" \((setup|call|teardown)\)$")


@dataclass(frozen=True, kw_only=True)
class CoverageMap:
    """What has been measured, over the files as they are now.

    Args:
        root: The repository.
        notes: The tests that pass, by id.
        lines: The tests of each line, by file, relative to the repository.
    """

    root: Path
    notes: dict[str, Note] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path, state: Path) -> CoverageMap:
        """Read all measurements; of a test file that was measured again, the latest counts."""
        made = cls(root=root)
        found = measurements(state)
        latest = {name: each for each in found for name in each.files}
        for each in found:
            counted = {name for name, last in latest.items() if last is each}
            counted = {name for name in counted if (root / name).exists()}
            made._add(each, counted)
        return made

    def tests_of(self, file: str, line: int) -> list[Note]:
        """Return the tests of a line, the best first: close to the module, and quick."""
        lines = self.lines.get(file, {})
        # What runs once, when the module is imported, may matter to all that use the module.
        later = line in _function_lines((self.root / file).read_text(encoding="utf-8"))
        tests = self._near(lines, line) if later else _all_tests(lines)
        if not tests or _ships(file):
            tests = tests | self._mirroring(file)
        found = [self.notes[test] for test in tests if test in self.notes]
        return sorted(found, key=lambda note: (note.seconds * _distance(file, note), note.test))

    def _near(self, lines: dict[int, set[str]], line: int) -> set[str]:
        for away in range(REACH + 1):
            found = lines.get(line - away, set()) | lines.get(line + away, set())
            if found:
                return found
        return _all_tests(lines)

    def _mirroring(self, file: str) -> set[str]:
        """Choose by name, where coverage cannot see: tests that name the module, or mirror it."""
        stem = PurePosixPath(file).stem
        named = re.compile(rf"\b{re.escape(stem)}\b")
        files = {note.test.partition("::")[0] for note in self.notes.values()}
        beside = {name for name in files if name.startswith(_folders(file))}
        exact = {
            name
            for name in beside
            if PurePosixPath(name).name.startswith(f"test_{stem}")
            or named.search((self.root / name).read_text(encoding="utf-8"))
        }
        chosen = exact or beside
        return {test for test in self.notes if test.partition("::")[0] in chosen}

    def _add(self, measurement: Measurement, counted: set[str]) -> None:
        for note in measurement.notes():
            if note.passed and note.test.partition("::")[0] in counted:
                self.notes[note.test] = note
        if not measurement.data.exists():
            return
        data = CoverageData(str(measurement.data))
        data.read()
        for measured in data.measured_files():
            inside = measured.partition(f"/{SOURCES}/")[2]
            now = self.root / SOURCES / inside
            before = measurement.folder / "src" / inside
            if not now.exists() or not before.exists():
                continue
            lines = self.lines.setdefault(f"{SOURCES}/{inside}", {})
            moved = _moved(before, now)
            for line, contexts in data.contexts_by_lineno(measured).items():
                tests = _tests(contexts, counted)
                if tests and line in moved:
                    lines.setdefault(moved[line], set()).update(tests)


def _all_tests(lines: dict[int, set[str]]) -> set[str]:
    return set().union(*lines.values())


@functools.cache
def _function_lines(text: str) -> frozenset[int]:
    """Return the lines of a source that run when something is called."""
    return frozenset(
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for line in range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    )


def _tests(contexts: Iterable[str], counted: set[str]) -> set[str]:
    tests = {_PHASE.sub("", part) for context in contexts for part in context.split("|")[-1:]}
    return {test for test in tests if test.partition("::")[0] in counted}


def _moved(before: Path, now: Path) -> dict[int, int]:
    """Map the lines of a file to where they are now."""
    old, new = before.read_text().splitlines(), now.read_text().splitlines()
    if old == new:
        return {line: line for line in range(len(old) + 1)}
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {
        block.a + offset + 1: block.b + offset + 1
        for block in blocks
        for offset in range(block.size)
    }


def _ships(file: str) -> bool:
    """Whether components run it in their own environments, where coverage does not look."""
    return file.startswith((f"{SOURCES}/components/", f"{SOURCES}/helpers/"))


def _folders(file: str) -> tuple[str, ...]:
    if _ships(file):
        return ("tests/components/", "tests/helpers/")
    inside = PurePosixPath(file).relative_to(SOURCES)
    return (f"tests/{inside.parts[0]}/",) if len(inside.parts) > 1 else ("tests/",)


def _distance(file: str, note: Note) -> float:
    """Weigh a test's seconds by how far from the module it is."""
    name = PurePosixPath(note.test.partition("::")[0])
    if name.name.startswith(f"test_{PurePosixPath(file).stem}"):
        return 0.2
    return 0.5 if str(name).startswith(_folders(file)) else 1.0
