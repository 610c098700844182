"""How many tasks run at once, and which share of the processors each of them gets."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator

# What is due decides itself within milliseconds. If not, a wrong share is better than a wait.
_PATIENCE = 2.0


class Slots:
    """Lets tasks run, a limited number at once, each with a share of the processors.

    A share cannot change while a task runs, so it follows from what there is when the task starts:
    the tasks that run then, and those that are about to. To know these, whatever is *due* is
    counted before a thread looks at it. It may turn out to be a task that runs, to be cached or
    skipped, or to be a graph or a loop, of whose tasks more are due. A share waits until nothing
    is due.

    Args:
        width: How many tasks run at once.
        processors: How many processors they share.
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
        """Count things that are due now; what the current thread decides about is not, any longer.

        Args:
            count: How many.

        Returns:
            A number for each, for `deciding`.
        """
        with self._changed:
            numbers = list(itertools.islice(self._numbers, count))
            self._due.update(numbers)
        self._settle()
        return numbers

    @contextlib.contextmanager
    def deciding(self, number: int) -> Iterator[None]:
        """Let the current thread decide what a thing that is due turns out to be.

        Args:
            number: The thing's number.

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
        """Count a task that is going to run, which is what was due, until the context ends.

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
        """Wait until a task that competes may run, which it may until the context ends.

        Yields:
            How many processors are its share, at least one.
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
