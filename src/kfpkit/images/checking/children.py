"""The processes and containers of builds, which end with the command that started them.

A process hangs on a leash (`in_leash.py`), so it ends with this one even if that is killed. What is
left of a container then, the next build of the same image removes.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

_LEASH = (sys.executable, "-I", "-S", str(Path(__file__).parent / "in_leash" / "leash.py"))


class Children:
    """What several threads have started, to end it all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], object]] = []
        self._ended = False

    @contextlib.contextmanager
    def start(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> Iterator[subprocess.Popen[str]]:
        """Start a process, and wait for its end.

        Args:
            command: The command.
            environment: Its environment variables.

        Yields:
            The process; what it writes, errors too, is its standard output.

        Raises:
            InterruptedError: All has been ended.
        """
        with self._lock:
            self._require_not_ended()
            held, hold = os.pipe()
            leash = os.fdopen(hold, "wb")
            try:
                process = subprocess.Popen(
                    [*_LEASH, *command],
                    env=environment,
                    stdin=held,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    errors="replace",
                )
            finally:
                os.close(held)
            self._ends.append(leash.close)
        try:
            with process:
                try:
                    yield process
                except BaseException:
                    leash.close()
                    raise
        finally:
            self._forget(leash.close)
            leash.close()

    @contextlib.contextmanager
    def ended_by(self, end: Callable[[], object]) -> Iterator[None]:
        """Have something running that is no process of this machine.

        Args:
            end: Ends it, without waiting for that and without an error.

        Yields:
            Nothing.

        Raises:
            InterruptedError: All has been ended.
        """
        with self._lock:
            self._require_not_ended()
            self._ends.append(end)
        try:
            yield
        finally:
            self._forget(end)

    def end(self) -> None:
        """End what runs, and start nothing more."""
        with self._lock:
            self._ended = True
            for end in self._ends:
                end()

    def _require_not_ended(self) -> None:
        if self._ended:
            raise InterruptedError

    def _forget(self, end: Callable[[], object]) -> None:
        with self._lock:
            self._ends.remove(end)
