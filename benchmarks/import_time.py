"""Time to import kfpkit and to show the command line's help."""

from __future__ import annotations

import os
import statistics
import sys
import sysconfig
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.timing import in_turn

ROUNDS = 15


def measure() -> list[Figure]:
    """Time `import kfpkit`, beyond an interpreter that imports nothing, and `kfpkit --help`."""
    commands = {
        "nothing": [sys.executable, "-c", "pass"],
        "kfpkit": [sys.executable, "-c", "import kfpkit"],
        "kfp": [sys.executable, "-c", "import kfp.dsl"],
        "help": [str(Path(sysconfig.get_path("scripts")) / "kfpkit"), "--help"],
    }
    seconds = in_turn(
        commands, rounds=ROUNDS, environment={"PATH": os.environ["PATH"]}, folder=Path.cwd()
    )
    median = {name: 1000 * statistics.median(runs) for name, runs in seconds.items()}
    return [
        Figure(
            name="import kfpkit",
            value=median["kfpkit"] - median["nothing"],
            unit="ms",
            bar=50,
            below=True,
        ),
        Figure(name="import kfp.dsl", value=median["kfp"] - median["nothing"], unit="ms"),
        Figure(name="kfpkit --help", value=median["help"], unit="ms", bar=150, below=True),
    ]
