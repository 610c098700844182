"""Runs one command in a sealed container, which ends in time, or with its starter."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from typing import Any

from kfpkit.engine import PLATFORM, Engine, make_sealed_options
from kfpkit.images.checking.unchecked import LABEL
from kfpkit.processes import Ending, Processes

_SECONDS_TO_KILL = 60.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of the command.

    Args:
        code: The exit code. None if it took too long and was killed.
        said: Its output.
    """

    code: int | None
    said: str


def run_sealed(
    engine: Engine, image: str, command: list[str], *, seconds: float, processes: Processes
) -> Outcome:
    """Run a command as a strict cluster would, with the image's own user.

    Args:
        engine: The engine.
        image: The name of the image.
        command: The command.
        seconds: The time limit.
        processes: Can end it earlier.

    Raises:
        InterruptedError: It was ended earlier.
    """
    container = engine.client.containers.create(
        image,
        command,
        entrypoint="",
        platform=PLATFORM,
        labels={LABEL: image},
        **make_sealed_options(),
    )
    try:
        # Started first: nothing waits for an engine that hangs, and the end removes it in any case.
        container.start()
        sealed = _Sealed(engine=engine, container=container, seconds=seconds)
        ending = processes.supervise(lambda: sealed, timeout=seconds)
        if ending is None:
            raise InterruptedError
        said = container.logs().decode(errors="replace")
        return Outcome(code=None if ending.timeout else ending.code, said=said)
    finally:
        container.remove(force=True)


@dataclass(frozen=True, kw_only=True)
class _Sealed:
    """The container while it runs."""

    engine: Engine
    container: Any
    seconds: float
    _over: threading.Event = field(default_factory=threading.Event)

    def signal(self, _: int) -> None:
        """Kill it, whatever the signal. An engine that hangs doesn't block this."""
        if not self._over.is_set():
            threading.Thread(target=self._kill, daemon=True).start()

    def _kill(self) -> None:
        with contextlib.suppress(*self.engine.faults):  # it may have ended by itself
            self.container.kill()

    def wait(self) -> Ending:
        try:
            status = self.container.wait(timeout=self.seconds + _SECONDS_TO_KILL)
        finally:
            self._over.set()
        return Ending(code=int(status["StatusCode"]))
