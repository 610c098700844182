"""The current records of a run's tasks."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kfpkit.runs.record import Attempt, CacheUse, Cause, Place, State, describe_state


@dataclass(frozen=True, kw_only=True)
class TaskRecord:
    """The current state of a task.

    Args:
        name: Its name, with those of the loops and pipelines around it: `for-loop-1/0/train`.
        environment: The name of the environment that it runs in.
        node: The ID of its node in the pipeline.
        iteration: The numbers of the iterations around it, from the outermost loop inward.
        item: The items of these iterations, for display.
        title: The name that its author set for display. Empty without one.
        state: Its state.
        ready: When its inputs were available, in seconds since the epoch.
        preparing: When it first began to wait for its environment.
        started: When its process first started.
        ended: When it ended, or was taken from the cache.
        cause: Why it didn't run, or not to its end.
        attempts: The executions of its command that have ended.
        inputs: Its input parameters and artifacts by name.
        outputs: Its output parameters and artifacts by name.
        reports: The HTML and Markdown artifacts that it wrote before it failed, by name.
        cache: Its use of the execution cache.
        failure: The reason for its failure, as a sentence without a period.
        place: The author's line that failed.
        log: The file with its output. None before there is any.
    """

    name: str
    environment: str
    node: str = ""
    iteration: tuple[int, ...] = ()
    item: str = ""
    title: str = ""
    state: State = State.WAITING
    ready: float | None = None
    preparing: float | None = None
    started: float | None = None
    ended: float | None = None
    cause: Cause | None = None
    attempts: tuple[Attempt, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    reports: Mapping[str, Any] = field(default_factory=dict)
    cache: CacheUse | None = None
    failure: str | None = None
    place: Place | None = None
    log: Path | None = None

    @property
    def label(self) -> str:
        """Its name, followed by the one for display."""
        return f"{self.name} ({self.title})" if self.title else self.name

    @property
    def word(self) -> str:
        """The word for its state that users read."""
        return describe_state(self.state, self.cache)

    def seconds(self, now: float) -> float | None:
        """Return how long it has run. None if it hasn't started.

        Args:
            now: The present, in seconds since the epoch.
        """
        if self.started is None:
            return None
        return (now if self.ended is None else self.ended) - self.started


Listener = Callable[[TaskRecord], None]


class Journal:
    """Keeps the records, and reports each change to listeners. It is thread-safe."""

    def __init__(self) -> None:
        self._records: dict[str, TaskRecord] = {}
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    @contextlib.contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Call a function with each new record until the context ends.

        Args:
            listener: The function. It is called for one record at a time, in the thread that
                changed the record.

        Yields:
            Nothing.
        """
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def records(self) -> tuple[TaskRecord, ...]:
        """Return all records, in the order in which tasks became known."""
        with self._lock:
            return tuple(self._records.values())

    def find(self, name: str) -> TaskRecord | None:
        """Return a task's record. None for an unknown task.

        Args:
            name: The task's name.
        """
        with self._lock:
            return self._records.get(name)

    def expect(self, name: str, environment: str, title: str = "", **facts: Any) -> None:
        """Add a task that may run. A known task stays unchanged.

        Args:
            name: The task's name.
            environment: The name of the environment that it runs in.
            title: The name that its author set for display.
            **facts: Other fields of the record.
        """
        with self._lock:
            if name not in self._records:
                self._set(TaskRecord(name=name, environment=environment, title=title, **facts))

    def add(self, name: str, **facts: Any) -> None:
        """Record facts about a task without a new state. Listeners aren't called.

        Args:
            name: The task's name.
            **facts: Fields of the record.
        """
        with self._lock:
            self._records[name] = replace(self._records[name], **facts)

    def forget(self, name: str) -> None:
        """Remove the record that represented tasks until they became known.

        Args:
            name: The record's name.
        """
        with self._lock:
            self._records.pop(name, None)

    def note(self, name: str, state: State, **facts: Any) -> None:
        """Record a task's new state, with further facts.

        Args:
            name: The task's name.
            state: Its new state.
            **facts: Other fields of the record.
        """
        with self._lock:
            record = replace(self._records[name], state=state, **facts)
            self._set(replace(record, **_take_times(record, time.time())))

    def _set(self, record: TaskRecord) -> None:
        self._records[record.name] = record
        for listener in self._listeners:
            listener(record)


def _take_times(record: TaskRecord, now: float) -> dict[str, Any]:
    """Return the times of the stages that a task reaches with its state."""
    times: dict[str, Any] = {}
    if record.state is State.PREPARING and record.preparing is None:
        times["preparing"] = now
    if record.state is State.RUNNING and record.started is None:
        times["started"] = now
    # A task that nothing was begun for has no end, either.
    if record.state.is_final and (record.started or record.ready) is not None:
        times["ended"] = now
    return times
