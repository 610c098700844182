"""`python -m kfpkit.jobs FOLDER`: the process of a job. The package documents the contract."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from kfpkit import locks
from kfpkit.kfp_imports import import_without_client


def main() -> None:
    """Run the job of the folder in the arguments."""
    folder = Path(sys.argv[1])
    threading.Thread(target=_end_with_emulator, daemon=True).start()
    # A process of an emulator that was killed may need a moment to end.
    with locks.alone(folder / "job.lock"):
        import_without_client()
        from kfpkit.jobs.job import run_job  # noqa: PLC0415 - it imports kfp

        sys.exit(0 if run_job(folder) else 1)


def _end_with_emulator() -> None:
    """Wait for the end of the emulator, which closes standard input, then stop the run."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
