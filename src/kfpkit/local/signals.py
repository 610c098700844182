"""Turns the first Ctrl-C or SIGTERM into one exception, so that cleanup isn't interrupted."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The user or the system requests the end of the run.

    Args:
        number: The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Interruptions:
    """The received signal, and whether the next one raises `Interrupted`.

    As a context, it ends its block at the first signal. Afterwards, no signal raises an exception.

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
        """Let no further signal raise an exception, and suppress the one that was raised."""
        self._armed = False
        if not isinstance(error, Interrupted):
            return False
        self.number = error.number
        return True

    def handle(self, number: int, _: FrameType | None) -> None:
        """Handle a signal, with the arguments of `signal.signal`.

        Args:
            number: The signal.

        Raises:
            Interrupted: It is the first one.
        """
        if self._armed:
            self._armed = False
            raise Interrupted(number)
        self._again()


@contextlib.contextmanager
def interruptible(again: Callable[[], None]) -> Iterator[Interruptions]:
    """Raise `Interrupted` in the main thread for the first signal only.

    Only a program's main thread can set this up. Elsewhere, the program keeps handling signals.
    Signals that the program was started to ignore (`nohup`) stay ignored.

    Args:
        again: Called for each signal after the first.

    Yields:
        Its state.
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
