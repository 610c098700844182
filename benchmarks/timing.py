"""Timing whole processes, several commands in turn."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"

Clock = Callable[[], float]


def processor_time() -> float:
    """Return the processor time of all child processes that have ended, in seconds.

    On a machine that other work keeps busy, it tells more than the time that went by.
    """
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turn(
    commands: Mapping[str, Sequence[str]],
    *,
    rounds: int,
    environment: Mapping[str, str],
    folder: Path,
    clock: Clock = time.perf_counter,
) -> dict[str, list[float]]:
    """Run commands in turn, after one round that is not counted.

    Args:
        commands: The commands by name.
        rounds: How often each is run and counted.
        environment: The processes' environment variables.
        folder: Their working folder.
        clock: What is read before and after each run.

    Returns:
        By name, the seconds of each run, from start to exit.
    """
    # Users have byte code, so these have it too, once the first round has written it.
    kept = {name: each for name, each in environment.items() if name != _NO_BYTE_CODE}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for counted in range(-1, rounds):
        for name, command in commands.items():
            started = clock()
            result = subprocess.run(
                command, env=kept, cwd=folder, capture_output=True, text=True, check=False
            )
            elapsed = clock() - started
            if result.returncode != 0:
                sys.exit(f"`{name}` failed:\n{result.stdout}{result.stderr}")
            if counted >= 0:
                seconds[name].append(elapsed)
    return seconds
