"""Removes a run's containers if the run is killed: `python -m … RUN ADDRESS`.

This is a separate process, because containers outlive the process that starts them. Its standard
input is a pipe from the run. When the pipe closes, the run has ended or was killed. Unless the run
reported its end, the reaper removes all containers with the run's label.
"""

from __future__ import annotations

import contextlib
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from kfpkit.engine import Engine
from kfpkit.errors import ImagesError

LABEL = "kfpkit.run"
_OVER = b"over"
# What the run had just asked for may be made after the run is gone.
_ROUNDS = 6
_PAUSE = 0.5


@contextlib.contextmanager
def reaped_containers(engine: Engine) -> Iterator[dict[str, str]]:
    """Ensure that the containers of this run are removed even if this process is killed.

    Args:
        engine: The engine of the containers.

    Yields:
        The labels that each of them must have.
    """
    run = secrets.token_hex(8)
    reaper = subprocess.Popen(
        [sys.executable, "-m", __name__, run, engine.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the run, which then removes them
    )
    try:
        yield {LABEL: run}
    finally:
        # It may have been killed itself.
        with contextlib.suppress(OSError):
            reaper.communicate(_OVER)


def main() -> None:
    """Wait for the end of the run, and remove its leftover containers."""
    run, address = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.stdin.buffer.read() == _OVER:
        return
    with contextlib.suppress(ImagesError), contextlib.closing(Engine(address)) as engine:
        for _ in range(_ROUNDS):
            _remove(engine, run)
            time.sleep(_PAUSE)


def _remove(engine: Engine, run: str) -> None:
    with contextlib.suppress(*engine.faults):
        for container in engine.client.containers.list(
            all=True, filters={"label": f"{LABEL}={run}"}, ignore_removed=True
        ):
            with contextlib.suppress(*engine.faults):
                container.remove(force=True)


if __name__ == "__main__":
    main()
