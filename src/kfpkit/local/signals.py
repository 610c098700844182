"""Ctrl-C and SIGTERM as one exception, once, so that what cleans up is not interrupted itself."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The user, or the system, asks the run to end.

    Args:
        number: The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Interruptions:
    """Which signal has come, and whether the next raises `Interrupted`.

    As a context, it ends its block at the first signal, and lets none raise afterwards.

    Args:
        again: Called for each signal after the first.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        self._again = again
        self._armed = True
        self.number: int | None = None
        """The signal that has ended the block."""

    def __enter__(self) -> None:
        """Begin the block that a signal ends."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        """Let no signal raise from now on; swallow the one that has."""
        self._armed = False
        if not isinstance(error, Interrupted):
            return False
        self.number = error.number
        return True

    def handle(self, number: int, _: FrameType | None) -> None:
        """Take a signal; it has the form that `signal.signal` asks for.

        Args:
            number: The signal.

        Raises:
            Interrupted: It is the first.
        """
        if self._armed:
            self._armed = False
            raise Interrupted(number)
        self._again()


@contextlib.contextmanager
def interruptible(again: Callable[[], None]) -> Iterator[Interruptions]:
    """Have the first signal raise `Interrupted` in the main thread, and later ones not.

    Only a program's main thread may set this up; elsewhere, signals stay with the program. What the
    program was started to ignore (`nohup`) stays ignored.

    Args:
        again: Called for each signal after the first.

    Yields:
        The state of it.
    """
    interruptions = Interruptions(again)
    if threading.current_thread() is not threading.main_thread():
        yield interruptions
        return
    before = {
        number: signal.signal(number, interruptions.handle)
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield interruptions
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
