"""What the page of a comparison shows: rows, tasks and source files, up to a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kfpkit.runs.pages.abridgement import abridge_record, abridge_value
from kfpkit.runs.record import RunRecord, Task

if TYPE_CHECKING:  # each run imports this package, and only some compare
    from kfpkit.runs.comparing import Comparison, Row, SourceChange

MOST_ROWS = 1_000
"""The most rows of a table, and the most source files. What differs is kept first."""
MOST_LINES = 500
"""The most lines of one file's diff."""
DIFFERENCES = 1_000_000
"""The size limit for all diffs of a page together; further diffs are left out."""


def describe_rows(
    rows: Sequence[Row], *, abridge: Callable[[Any], Any] = abridge_value
) -> dict[str, Any]:
    """Return rows with values that a page can show, and how many are left out.

    Args:
        rows: The rows.
        abridge: Shortens a value to what a page can show.
    """
    kept = _keep(rows, [row.differs for row in rows])
    return {
        "left": len(rows) - len(kept),
        "rows": [
            {
                "group": abridge_value(row.group),
                "name": abridge_value(row.name),
                "differs": row.differs,
                "values": [None if value is None else abridge(value) for value in row.values],
            }
            for row in kept
        ],
    }


def _keep(rows: Sequence[Any], differ: Sequence[bool]) -> list[Any]:
    if len(rows) <= MOST_ROWS:
        return list(rows)
    # A stable sort, so that each half keeps its order.
    order = sorted(range(len(rows)), key=lambda index: not differ[index])
    return [rows[index] for index in sorted(order[:MOST_ROWS])]


def describe_tasks(comparison: Comparison) -> dict[str, Any]:
    """Return the tasks of all runs side by side, and how many are left out.

    Args:
        comparison: The comparison.
    """
    labels = [_list_labels(record) for record in comparison.records]
    kept = _keep(comparison.tasks, [row.differs for row in comparison.tasks])
    return {
        "left": len(comparison.tasks) - len(kept),
        "rows": [
            {
                "name": abridge_value(row.name),
                "item": abridge_value(next((task.item for task in row.tasks if task), None)),
                "runs": [
                    _describe_task(task, label) if task else None
                    for task, label in zip(row.tasks, labels, strict=True)
                ],
            }
            for row in kept
        ],
    }


def _list_labels(record: RunRecord) -> dict[str, str]:
    return {node.id: node.label or node.id for node in record.nodes}


def _describe_task(task: Task, labels: Mapping[str, str]) -> dict[str, Any]:
    facts = task.model_dump(
        mode="json", include={"state", "seconds", "cache", "cause"}, exclude_none=True
    )
    facts["state"] = task.word
    times = task.times
    if times.preparing and times.running:
        facts["prepared"] = (times.running - times.preparing).total_seconds()
    if task.cause and task.cause.node:
        facts["cause"]["node"] = labels.get(task.cause.node, task.cause.node)
    facts.get("cache", {}).pop("key", None)
    return abridge_record(facts)


def describe_differences(
    sources: Iterable[Sequence[SourceChange]],
) -> list[dict[str, Any]]:
    """Return the source files that differ, for each run after the first, and how many are left out.

    Args:
        sources: The source files.
    """
    left = DIFFERENCES
    described = []
    for changes in sources:
        files = []
        for change in changes[:MOST_ROWS]:
            text, lines = _cut(change.difference)
            if len(text) > left:
                text, lines = "", change.difference.count("\n")
            left -= len(text)
            files.append(_describe_change(change, text, lines))
        described.append({"left": max(0, len(changes) - MOST_ROWS), "rows": files})
    return described


def _describe_change(change: SourceChange, difference: str, lines: int) -> dict[str, Any]:
    what = "added" if change.before is None else "removed" if change.after is None else "changed"
    return {
        "path": abridge_value(change.path),
        "tasks": [abridge_value(task) for task in change.tasks],
        "what": what,
        "difference": difference,
        "left": lines,
    }


def _cut(difference: str) -> tuple[str, int]:
    """Return the first lines of a diff, without its header, and the number of further lines."""
    hunks = difference[max(0, difference.find("\n@@") + 1) :]
    lines = hunks.rstrip("\n").split("\n") if hunks else []
    kept = [abridge_value(line) for line in lines[:MOST_LINES]]
    return "\n".join(kept), len(lines) - len(kept)
