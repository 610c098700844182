"""Claims the data, watches the users and serves. The package documents the contract."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import importlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

NOTICE = 1.0  # seconds until the server before us is told to end
PATIENCE = 10.0  # seconds for it to close its files
GRACE = 5.0  # seconds for this server to close its own


def main() -> None:
    """Read the arguments and fulfill the package's contract."""
    parser = argparse.ArgumentParser(prog="servers")
    parser.add_argument("name")
    parser.add_argument("--listener", type=int, action="append", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--users", type=Path, required=True)
    options = parser.parse_args()
    listeners = [socket.socket(fileno=number) for number in options.listener]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _claim(options.data)
    threading.Thread(target=_end_with_last_user, args=(options.users,), daemon=True).start()
    importlib.import_module(f".{options.name}", __package__).serve(listeners, options.data)


def _claim(data: Path) -> None:
    """Lock the data until this process ends. The next holder of the lock finds all files closed.

    A server is started only if no other can be reached. So one that holds the lock was started by a
    process that ended before it noted the addresses, and has to end.
    """
    data.mkdir(parents=True, exist_ok=True)
    claim = os.open(data / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    begin = time.monotonic()
    told = ""
    while not _try_lock(claim):
        waited, holder = time.monotonic() - begin, os.pread(claim, 32, 0).decode()
        if waited > PATIENCE:
            sys.exit(f"{data} is served by the process {holder}, which does not end.")
        if waited > NOTICE and holder != told:
            told = holder
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(holder), signal.SIGTERM)
        time.sleep(0.05)
    os.ftruncate(claim, 0)
    os.pwrite(claim, str(os.getpid()).encode(), 0)


def _try_lock(claim: int) -> bool:
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_with_last_user(users: Path) -> None:
    with users.open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)


if __name__ == "__main__":
    main()
