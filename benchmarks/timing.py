"""Timing whole processes, several commands in turn."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def in_turn(
    commands: Mapping[str, Sequence[str]],
    *,
    rounds: int,
    environment: Mapping[str, str],
    folder: Path,
) -> dict[str, list[float]]:
    """Run commands in turn, after one round that is not counted.

    Args:
        commands: The commands by name.
        rounds: How often each is run and counted.
        environment: The processes' environment variables.
        folder: Their working folder.

    Returns:
        By name, the seconds of each run, from start to exit.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for counted in range(-1, rounds):
        for name, command in commands.items():
            started = time.perf_counter()
            result = subprocess.run(
                command, env=environment, cwd=folder, capture_output=True, text=True, check=False
            )
            elapsed = time.perf_counter() - started
            if result.returncode != 0:
                sys.exit(f"`{name}` failed:\n{result.stdout}{result.stderr}")
            if counted >= 0:
                seconds[name].append(elapsed)
    return seconds
