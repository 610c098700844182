"""The source files that differ between runs, with the tasks that reach them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kfpkit.runs.record import RunRecord

_LARGEST = 1_000_000
_MOST_WORK = 10_000_000
"""Lines of both texts between what is equal at their ends, multiplied: `difflib` takes about a
second for these if many of them are equal, and its time grows with their square."""
Texts = Mapping[str, str]
"""Texts of files by the digest of their content."""


@dataclass(frozen=True, kw_only=True)
class SourceChange:
    """A file that ships with components and differs between two runs.

    Args:
        path: Its path in the bundles.
        tasks: The tasks whose components reach it in either run, by the labels of their nodes.
        before: The digest of its content in the first run. None if it was missing.
        after: The digest of its content in the other run. None if it is missing.
        difference: The difference line by line, as in a patch. Empty if the file is binary, or if
            too much of a large file changed.
    """

    path: str
    tasks: tuple[str, ...]
    before: str | None
    after: str | None
    difference: str


def find_source_changes(
    before: RunRecord, after: RunRecord, texts: Texts
) -> tuple[SourceChange, ...]:
    """Find the source files that differ between two runs, sorted by path.

    Args:
        before: The record of the first run.
        after: The record of the other run.
        texts: The texts of the files of both, by digest.
    """
    old, new = _list_files(before), _list_files(after)
    return tuple(
        SourceChange(
            path=path,
            tasks=_find_tasks([before, after], path),
            before=was,
            after=now,
            difference=_describe(path, texts.get(was or ""), texts.get(now or "")),
        )
        for path in sorted({*old, *new})
        for was, now in _pair(old.get(path, ()), new.get(path, ()))
    )


def _list_files(record: RunRecord) -> dict[str, tuple[str, ...]]:
    """List the contents of each path. A module that ships reduced has several."""
    found: dict[str, dict[str, None]] = {}
    for component in record.components.values():
        for path, digest in component.files.items():
            found.setdefault(path, {})[digest] = None
    return {path: tuple(digests) for path, digests in found.items()}


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str | None, str | None]]:
    gone = [digest for digest in old if digest not in new]
    come = [digest for digest in new if digest not in old]
    for index in range(max(len(gone), len(come))):
        yield (
            gone[index] if index < len(gone) else None,
            come[index] if index < len(come) else None,
        )


def _find_tasks(records: Sequence[RunRecord], path: str) -> tuple[str, ...]:
    names = {
        node.label: None
        for record in records
        for node in record.nodes
        if node.component in record.components and path in record.components[node.component].files
    }
    return tuple(names)


def _describe(path: str, before: str | None, after: str | None) -> str:
    if max(len(before or ""), len(after or "")) > _LARGEST:
        return ""
    old, new = (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True)
    if _estimate_work(old, new) > _MOST_WORK:
        return ""
    lines = difflib.unified_diff(
        old,
        new,
        fromfile=f"a/{path}" if before is not None else "/dev/null",
        tofile=f"b/{path}" if after is not None else "/dev/null",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _estimate_work(old: Sequence[str], new: Sequence[str]) -> int:
    shorter = min(len(old), len(new))
    head = _count_equal(old, new, most=shorter)
    tail = _count_equal(reversed(old), reversed(new), most=shorter - head)
    return (len(old) - head - tail) * (len(new) - head - tail)


def _count_equal(old: Iterable[str], new: Iterable[str], *, most: int) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return min(most, next((index for index, (was, now) in pairs if was != now), most))
