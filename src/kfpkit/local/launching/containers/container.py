"""A running container, with the interface that a run needs."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import IO, Any

from kfpkit.engine import Engine, extract_cause
from kfpkit.errors import TaskStartError
from kfpkit.processes import Ending

_SIGNALS = range(129, 129 + 64)  # 128 and its number is what an engine makes of a signal
_KILLED = 128 + signal.SIGKILL


class Container:
    """A container that has been started.

    Args:
        container: The docker library's object.
        output: The docker library's stream of its output, in chunks of bytes.
        log: The file for its output.
        engine: The engine that runs it.
    """

    def __init__(self, container: Any, output: Any, log: IO[bytes], *, engine: Engine) -> None:
        self._engine = engine
        self._container = container
        self._output = output
        self._log = log
        self._lock = threading.Lock()
        self._ending: Ending | None = None

    @classmethod
    def start(cls, container: Any, log: IO[bytes], *, engine: Engine) -> Container:
        """Start a container that has been created.

        Args:
            container: The docker library's object.
            log: The file for its output.
            engine: The engine with the container.

        Raises:
            TaskStartError: It can't be started.
        """
        from docker.errors import APIError  # noqa: PLC0415 - an extra

        # Before the start, so that nothing of a short container's output is missed.
        output = container.attach(stdout=True, stderr=True, stream=True)
        try:
            container.start()
        except APIError as error:
            _close(output)
            program = container.attrs["Path"]
            raise TaskStartError(program=program, cause=extract_cause(error)) from error
        return cls(container, output, log, engine=engine)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the container's first process.

        Args:
            number: The signal.
        """
        if self._ending is None:
            # It may have ended by itself meanwhile, or the engine may be gone.
            with contextlib.suppress(*self._engine.faults):
                self._container.kill(signal=int(number))

    def wait(self) -> Ending:
        """Wait for the end."""
        with self._lock:
            if self._ending is None:
                try:
                    for chunk in self._output:
                        self._log.write(chunk)
                        self._log.flush()
                finally:
                    _close(self._output)
                # Tasks may take hours: the library's own timeout is for short questions.
                code = int(self._container.wait(timeout=None)["StatusCode"])
                self._ending = Ending(
                    code=128 - code if code in _SIGNALS else code,
                    out_of_memory=code == _KILLED and self._lacked_memory(),
                )
            return self._ending

    def _lacked_memory(self) -> bool:
        self._container.reload()
        return bool(self._container.attrs["State"].get("OOMKilled"))


def _close(output: Any) -> None:
    # Its own method shuts the connection down, which fails once the engine has, and leaves it open.
    output._response.close()  # noqa: SLF001 - there is no other way to it
