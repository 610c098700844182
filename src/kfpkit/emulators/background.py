"""Emulators in the background: started and stopped by commands, and not with a run."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kfpkit import locks
from kfpkit.emulators.known import KNOWN
from kfpkit.emulators.server import Server, ask_health
from kfpkit.emulators.session import emulators, leave
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project

_HOLD = Path(__file__).parent / "in_background" / "hold.py"
_GRACE = 8.0  # seconds for the process that holds the emulators to end


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of an emulator.

    Args:
        address: Its address. Empty if it doesn't run.
        process: The number of its process.
        background: Whether a command started it in the background.
        open_jobs: How many of its jobs have not ended.
    """

    address: str = ""
    process: int = 0
    background: bool = False
    open_jobs: int = 0


def start_emulator(
    name: str, *, project: Project, port: int = 0, report: Listener = ignore
) -> Mapping[str, str]:
    """Start an emulator in the background, unless it runs there.

    Args:
        name: The emulator.
        project: The project of the data.
        port: Its port for HTTP, if it is started here. By default, a free one.
        report: Called with a line for each step of creating its virtual environment.

    Returns:
        The environment variables that direct Google's clients to it.

    Raises:
        EmulatorError: It can't be started; see `emulators`.
    """
    folder = project.state / "emulators"
    logs = folder / "logs"
    with emulators(
        [name], project=project, log_folder=logs, report=report, ports={name: port}
    ) as variables:
        command = [sys.executable, str(_HOLD), str(folder / "users.lock"), str(_claim(project))]
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as holder:
            if holder.stdout is not None:
                holder.stdout.readline()
            # It goes on after this command.
            holder.returncode = 0 if holder.poll() is None else holder.returncode
    return variables


def stop_emulator(name: str, *, project: Project) -> Status:
    """Stop an emulator, whatever started it, and those that nothing else uses.

    Its jobs go on when it is started again.

    Args:
        name: The emulator.
        project: The project of the data.

    Returns:
        Its state before.
    """
    before = read_status(name, project=project)
    folder = project.state / "emulators"
    if not folder.is_dir():
        return before
    _stop_holder(_claim(project))
    with locks.alone(folder / "change.lock"), (folder / "users.lock").open("a+b") as users:
        Server(emulator=KNOWN[name], folder=folder).stop()
        leave(users, folder)
    return before


def read_status(name: str, *, project: Project) -> Status:
    """Return the state of an emulator.

    Args:
        name: The emulator.
        project: The project of the data.
    """
    server = Server(emulator=KNOWN[name], folder=project.state / "emulators")
    found = server.find()
    if found is None:
        return Status()
    content = ask_health(server.emulator, found) or b"{}"
    with contextlib.suppress(ValueError):
        return Status(
            address=found.http,
            process=server.process,
            background=locks.is_held(_claim(project)),
            open_jobs=json.loads(content).get("open_jobs", 0),
        )
    return Status(address=found.http, process=server.process)


def _claim(project: Project) -> Path:
    return project.state / "emulators" / "background.lock"


def _stop_holder(claim: Path) -> None:
    if not locks.is_held(claim):
        return
    with contextlib.suppress(ProcessLookupError, ValueError, OSError):
        os.kill(int(claim.read_text(encoding="utf-8")), signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    while locks.is_held(claim) and time.monotonic() < deadline:
        time.sleep(0.02)
