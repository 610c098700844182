"""Which tests reach which lines: measured once, and again for test files that have changed.

Each measurement is a folder: `data` as coverage.py combines it, `notes` of the tests, `files.json`
with the digests of the test files that it ran, and `src` as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage

from mutants.copy import Copy
from mutants.packages import SOURCES
from mutants.plugin import NOTES

HOURS = 3 * 3600.0
_WITH_CONTAINERS = " with containers"  # beside the digest of a file whose tests of them ran, too
_SETTINGS = """\
[run]
source = {source}
data_file = {data}
parallel = true
sigterm = true
context = ${{PYTEST_CURRENT_TEST-}}
"""


@dataclass(frozen=True, kw_only=True)
class Note:
    """How a test ended that was measured.

    Args:
        test: Its id.
        seconds: How long it took.
        passed: Whether it passed.
    """

    test: str
    seconds: float
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One run of some test files under coverage.

    Args:
        folder: Where it is kept.
    """

    folder: Path

    @property
    def data(self) -> Path:
        """What coverage.py has found."""
        return self.folder / "data"

    @property
    def files(self) -> Mapping[str, str]:
        """The test files that were run, with their digests."""
        found: dict[str, str] = json.loads((self.folder / "files.json").read_text())
        return found

    def notes(self) -> Iterator[Note]:
        """Yield how the tests ended; one that failed under coverage was run again without it."""
        by_test = {}
        for line in (self.folder / "notes").read_text(encoding="utf-8").splitlines():
            note = Note(**json.loads(line))
            by_test[note.test] = note
        yield from by_test.values()


def measurements(state: Path) -> list[Measurement]:
    """Return all measurements, the earliest first."""
    found = [file.parent for file in (state / "measured").glob("*/files.json")]
    return [Measurement(folder=each) for each in sorted(found, key=lambda each: int(each.name))]


def test_files(root: Path, folders: Iterable[str]) -> dict[str, str]:
    """Return the test files of folders or single files, with their digests."""
    found: dict[str, str] = {}
    for folder in folders:
        path = root / folder
        for file in [path] if path.is_file() else sorted(path.rglob("test_*.py")):
            name = file.relative_to(root).as_posix()
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def measure_changed(
    root: Path, state: Path, folders: Iterable[str], *, jobs: int, containers: bool = False
) -> int:
    """Measure the test files that are new or have changed.

    Args:
        root: The repository.
        state: Where measurements are kept.
        folders: The folders or files of tests that count.
        jobs: How many processes run tests.
        containers: Whether tests that need a container engine are measured, too.

    Returns:
        How many test files were run.
    """
    known: dict[str, str] = {}
    earlier = measurements(state)
    for measurement in earlier:
        known |= measurement.files
    wanted = test_files(root, folders)
    if containers:
        wanted = {name: digest + _mark(root / name) for name, digest in wanted.items()}
    else:
        known = {name: digest.removesuffix(_WITH_CONTAINERS) for name, digest in known.items()}
    changed = {name: wanted[name] for name in wanted if known.get(name) != wanted[name]}
    if changed:
        number = int(earlier[-1].folder.name) + 1 if earlier else 1
        marks = "not large" if containers else "not containers and not large"
        choice = ["-q", "-m", marks, *_numprocesses(jobs)]
        _measure(root, state, state / "measured" / str(number), changed, choice)
    return len(changed)


def _mark(file: Path) -> str:
    return _WITH_CONTAINERS if "mark.containers" in file.read_text(encoding="utf-8") else ""


def _measure(
    root: Path, state: Path, folder: Path, files: Mapping[str, str], choice: Sequence[str]
) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy = Copy.make(root, state / "measuring", state / "cache")
    shutil.copytree(copy.repository / SOURCES, folder / "src")
    settings = folder / "coverage.ini"
    source = copy.repository / SOURCES
    settings.write_text(_SETTINGS.format(source=source, data=folder / "parts" / "data"))
    variables = {
        NOTES: str(folder / "notes"),
        # What tests need once and what trials find then.
        "KFPKIT_CACHE_DIR": str(state / "cache"),
    }
    (folder / "notes").touch()
    covered = {**variables, "COVERAGE_PROCESS_START": str(settings)}
    ended = copy.pytest([*choice, *files], seconds=HOURS, variables=covered)
    (folder / "log.txt").write_text(ended.output)
    _combine(folder)
    measurement = Measurement(folder=folder)
    failed = [note.test for note in measurement.notes() if not note.passed]
    if failed:
        copy.pytest([*choice, *failed], seconds=HOURS, variables=variables)
    (folder / "files.json").write_text(json.dumps(dict(files), indent=1))


def _numprocesses(jobs: int) -> list[str]:
    return ["--numprocesses", str(jobs), "--dist", "loadfile"] if jobs > 1 else []


def _combine(folder: Path) -> None:
    parts = folder / "parts"
    if parts.is_dir() and os.listdir(parts):  # noqa: PTH208 - whether there is any
        measured = coverage.Coverage(
            data_file=str(folder / "data"), config_file=str(folder / "coverage.ini")
        )
        measured.combine([str(parts)])
        measured.save()
