"""Removes the containers of a run that was killed: `python -m … RUN ADDRESS`.

Containers outlive the process that starts them. A small process beside each run waits for its end,
and becomes this one if the run was killed. This one removes all containers with the run's label.
"""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator

from kfpkit.engine import Engine
from kfpkit.errors import ImagesError
from kfpkit.local.launching.containers.in_watcher import watch

LABEL = "kfpkit.run"
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
    own = [sys.executable, "-m", __name__, run, engine.address]
    watcher = subprocess.Popen(
        [sys.executable, "-I", "-S", watch.__file__, *own],
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
            watcher.communicate(watch.OVER)


def main() -> None:
    """Remove the containers of a run. Signals of its terminal are ignored."""
    run, address = sys.argv[1:]
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
