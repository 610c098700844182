"""How a command ended, as a process or as a container."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from kfpkit.durations import describe_duration


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The end of a command.

    Args:
        code: The exit code. Negative for the signal that ended it.
        out_of_memory: Whether it is known to have run out of memory.
        timeout: The time limit in seconds, if it was ended because it exceeded the limit.
        peak_memory: The largest resident memory of one of its processes, in bytes, if known.
        cpu_seconds: The processor time of all its processes, if known.
    """

    code: int
    out_of_memory: bool = False
    timeout: float | None = None
    peak_memory: int | None = None
    cpu_seconds: float | None = None

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended it; None where it has exited."""
        return _signal_name(-self.code) if self.code < 0 else None

    @property
    def failure(self) -> str:
        """The reason for a failure, as the end of a sentence. Empty if it succeeded."""
        if self.timeout is not None:
            return f"it was stopped because it ran longer than {describe_duration(self.timeout)}"
        if self.out_of_memory:
            return "it was killed because it ran out of memory"
        if self.code < 0:
            return f"it was killed by {_signal_name(-self.code)}"
        return f"it exited with code {self.code}" if self.code else ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one that has only a number
        return f"signal {number}"
