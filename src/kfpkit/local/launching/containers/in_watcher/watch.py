"""Waits for the end of a run, and becomes another program if the run was killed.

    python -I -S watch.py PROGRAM ARGUMENT...

Standard input is a pipe from the run. A run that ends by itself writes `over` to it. If the pipe
closes without that, this process becomes PROGRAM. Standard library only, and little of it: each run
starts one, and nearly all runs end by themselves.
"""

from __future__ import annotations

import os
import signal
import sys

OVER = b"over"


def main() -> None:
    """Wait. Signals of a terminal reach the run, which then ends by itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.stdin.buffer.read() != OVER:
        os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - kfpkit names the program


if __name__ == "__main__":
    main()
