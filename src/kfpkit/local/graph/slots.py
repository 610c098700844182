"""Limits the number of parallel tasks, and divides the processors among them."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator

# What is due decides itself within milliseconds. If not, a wrong share is better than a wait.
_PATIENCE = 2.0


class Slots:
    """Runs a limited number of tasks in parallel, each with a share of the processors.

    A share can't change while a task runs, so it is computed when the task starts, from the tasks
    that run then and those that are about to start. To know the latter, everything that is *due* is
    counted before a thread examines it. It may turn out to be a task that runs, to be cached or
    skipped, or to be a graph or a loop, which makes more tasks due. A share waits until nothing is
    due.

    Args:
        width: The number of parallel tasks.
        processors: The number of processors that they share.
    """

    def __init__(self, *, width: int, processors: int) -> None:
        self._width = width
        self._processors = processors
        self._free = threading.Semaphore(width)
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._due: set[int] = set()
        self._competing = 0
        self._decided_here = threading.local()

    def expect(self, count: int) -> list[int]:
        """Count items that are due now. The item that this thread decides about stops counting.

        Args:
            count: The number of items.

        Returns:
            A number for each item, for `deciding`.
        """
        with self._changed:
            numbers = list(itertools.islice(self._numbers, count))
            self._due.update(numbers)
        self._settle()
        return numbers

    @contextlib.contextmanager
    def deciding(self, number: int) -> Iterator[None]:
        """Let the current thread decide what a due item turns out to be.

        Args:
            number: The item's number.

        Yields:
            Nothing.
        """
        around = getattr(self._decided_here, "number", None)
        self._decided_here.number = number
        try:
            yield
        finally:
            self._settle()
            self._decided_here.number = around

    @contextlib.contextmanager
    def competing(self) -> Iterator[None]:
        """Count a due item as a task that is going to run, until the context ends.

        Yields:
            Nothing.
        """
        with self._changed:
            self._competing += 1
        self._settle()
        try:
            yield
        finally:
            with self._changed:
                self._competing -= 1

    @contextlib.contextmanager
    def taken(self) -> Iterator[int]:
        """Wait until a competing task may run. It may run until the context ends.

        Yields:
            The number of processors in its share, at least one.
        """
        with self._free:
            with self._changed:
                self._changed.wait_for(lambda: not self._due, timeout=_PATIENCE)
                sharing = max(1, min(self._width, self._competing))
            yield max(1, self._processors // sharing)

    def _settle(self) -> None:
        with self._changed:
            self._due -= {getattr(self._decided_here, "number", None)}
            self._changed.notify_all()
