"""Keeps the emulators of a project running: a user of them that waits for SIGTERM.

    python hold.py USERS CLAIM

Holds a shared lock on the file USERS, as each user of the emulators does, and an exclusive one on
CLAIM, which contains the number of this process. Prints a line when it holds both. Exits with 3 if
another process holds CLAIM. Standard library only.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from pathlib import Path

HELD = 3


def main() -> None:
    """Hold the locks until SIGTERM."""
    users, claim = (Path(each) for each in sys.argv[1:3])
    with claim.open("a+b") as own, users.open("r+b") as shared:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(HELD)
        own.truncate(0)
        own.write(str(os.getpid()).encode())
        own.flush()
        fcntl.flock(shared, fcntl.LOCK_SH)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        os.close(1)
        while True:
            signal.pause()


if __name__ == "__main__":
    main()
