"""The tasks of a run in few rows: loops, and tasks that need no attention, take one row each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kfpkit.local.record import TaskRecord
from kfpkit.runs.record import State

_QUIET = (State.CACHED, State.SKIPPED)
_TOLD = (State.FAILED, State.STOPPED, State.RUNNING, State.PREPARING)


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A row for one task or for several.

    Args:
        label: What it is about.
        environment: The environment; empty for several tasks.
        state: The state that counts: that of the task, or the most urgent of several.
        text: The state in words, for several tasks with numbers.
        seconds: How long it has taken; None before it starts.
    """

    label: str
    environment: str
    state: State
    text: str
    seconds: float | None


def list_rows(records: Sequence[TaskRecord], now: float) -> list[TaskRow]:
    """Return a row for each task.

    Args:
        records: The tasks.
        now: The current time, in seconds since the epoch.
    """
    return [_make_row(record, now) for record in records]


def fold_rows(records: Sequence[TaskRecord], now: float) -> list[TaskRow]:
    """Return rows for tasks: one for each loop, and one for all that were cached or skipped.

    Args:
        records: The tasks.
        now: The current time, in seconds since the epoch.
    """
    loops: dict[str, list[TaskRecord]] = {}
    rows: dict[str, TaskRow] = {}
    quiet = Counter[tuple[State, str]]()
    for record in records:
        loop = _find_loop(record.name)
        if loop:
            loops.setdefault(loop, []).append(record)
            rows[loop] = _fold(loop, loops[loop], now)
        elif record.state in _QUIET:
            quiet[record.state, record.word] += 1
        else:
            rows[record.name] = _make_row(record, now)
    return [*rows.values(), *_make_quiet_rows(quiet)]


def describe_tally(records: Iterable[TaskRecord]) -> str:
    """Say how far a run has come: `14 of 25 done, 3 running, 1 failed`.

    Args:
        records: The tasks.
    """
    states = Counter((record.state, record.word) for record in records)
    done = sum(number for (state, _), number in states.items() if state.is_final)
    parts = [f"{done} of {states.total()} done"]
    for told in (*_TOLD, *_QUIET):
        parts += [f"{number} {word}" for (state, word), number in states.items() if state is told]
    return ", ".join(parts)


def _find_loop(name: str) -> str:
    """Return the outermost loop that a task is in: what stands before the first iteration."""
    parts = name.split("/")
    for index, part in enumerate(parts):
        if part.isdecimal() and index:
            return "/".join(parts[:index])
    return ""


def _make_row(record: TaskRecord, now: float) -> TaskRow:
    return TaskRow(
        label=record.label,
        environment=record.environment,
        state=record.state,
        text=record.word,
        seconds=record.seconds(now),
    )


def _fold(loop: str, records: Sequence[TaskRecord], now: float) -> TaskRow:
    items: dict[str, bool] = {}
    for record in records:
        item = record.name.removeprefix(f"{loop}/").partition("/")[0]
        items[item] = items.get(item, True) and record.state.is_final
    states = Counter(record.state for record in records)
    urgent = next((state for state in _TOLD if states[state]), None)
    told = [f"{states[state]} {state.value}" for state in _TOLD if states[state]]
    done = f"{sum(items.values())} of {len(items)} items done"
    return TaskRow(
        label=loop,
        environment="",
        state=urgent or (State.SUCCEEDED if all(items.values()) else State.WAITING),
        text=", ".join([done, *told]),
        seconds=_measure(records, now),
    )


def _measure(records: Sequence[TaskRecord], now: float) -> float | None:
    started = [record.started for record in records if record.started is not None]
    if not started:
        return None
    ends = [now if record.ended is None else record.ended for record in records]
    all_ended = all(record.state.is_final for record in records)
    return (max(ends) if all_ended else now) - min(started)


def _make_quiet_rows(quiet: Counter[tuple[State, str]]) -> list[TaskRow]:
    return [
        TaskRow(
            label=f"{number} {'task' if number == 1 else 'tasks'}",
            environment="",
            state=state,
            text=word,
            seconds=None,
        )
        for (state, word), number in quiet.items()
    ]
