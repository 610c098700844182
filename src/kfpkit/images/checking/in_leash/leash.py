"""Run a program that ends with whoever started it, even if that is killed.

    python -I -S in_leash.py PROGRAM ARGUMENT…

The contract: standard library only. Standard input is the leash, a pipe of which nobody else has
the other end: when that is closed, by hand or since its process is gone, the program is killed with
all that it has started. Output is the program's. The exit code is the program's, 128 and the number
of the signal that ended it, or 127 when it cannot be started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

# A terminal sends them to all that runs in it.
_LEFT_TO_THE_HOLDER = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def main(command: list[str]) -> int:
    """Run a program to its end, or that of the leash."""
    for number in _LEFT_TO_THE_HOLDER:
        signal.signal(number, lambda *_: None)
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        sys.stdout.write(f"{command[0]}: {error.strerror}\n")
        return 127
    threading.Thread(target=_kill_at_the_end, args=[process.pid], daemon=True).start()
    code = process.wait()
    return code if code >= 0 else 128 - code


def _kill_at_the_end(group: int) -> None:
    while os.read(0, 1):
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
