"""One emulator's process: start it, see that it answers, stop it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kfpkit import locks
from kfpkit.errors import EmulatorFailedError

HEALTH = {"bigquery": "/bigquery/v2/projects", "storage": "/"}
DEADLINE = (
    60.0  # seconds to answer; a first start without byte code takes some, a busy machine more
)
GRACE = 8.0  # seconds from SIGTERM to SIGKILL; the servers themselves give up after 5
TAIL = 15  # lines of the log in an error

# Whatever else the shell has, such as DATA_DIR or http_proxy, would steer the servers.
_INHERITED = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")


@dataclass(frozen=True, kw_only=True)
class Server:
    """The place of one emulator under `.kfpkit/emulators/`.

    Args:
        name: `bigquery` or `storage`.
        folder: The folder of all emulators.
    """

    name: str
    folder: Path

    @property
    def data(self) -> Path:
        """The folder with the server's data."""
        return self.folder / self.name

    @property
    def _claim(self) -> Path:
        return self.data / "server.lock"

    @property
    def _record(self) -> Path:
        return self.data / "server.json"

    def running(self, settings: Mapping[str, str]) -> str | None:
        """Return the address of the process that serves with these `settings`, if there is one."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        address = str(record["address"])
        if record["settings"] != settings or not locks.is_held(self._claim):
            return None
        return address if _answers(self.name, address) else None

    def start(self, python: Path, settings: Mapping[str, str], log: Path) -> Starting:
        """Start a process that serves with these `settings`, and return without waiting for it."""
        self.data.mkdir(parents=True, exist_ok=True)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        with socket.socket() as listener, log.open("ab") as output:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            process = subprocess.Popen(
                self._command(python, listener),
                cwd=Path(__file__).parent,
                env={**inherited, **settings, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno()],
                start_new_session=True,  # Ctrl-C reaches the run, which then stops the servers
            )
        # Another run may need the server for longer than this one; then nobody here waits for it.
        threading.Thread(target=process.wait, daemon=True).start()
        self._record.write_text(
            json.dumps({"address": address, "settings": dict(settings)}), encoding="utf-8"
        )
        return Starting(server=self, process=process, address=address, log=log)

    def _command(self, python: Path, listener: socket.socket) -> list[str]:
        what = [str(python), "-m", "servers", self.name, "--listener", str(listener.fileno())]
        return [*what, "--data", str(self.data), "--users", str(self.folder / "users.lock")]

    def stop(self) -> None:
        """End the process that serves the data, whoever started it: SIGTERM, later SIGKILL."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if locks.is_held(self._claim):
                with contextlib.suppress(ProcessLookupError, ValueError, OSError):
                    os.kill(int(self._claim.read_text(encoding="utf-8")), number)
            deadline = time.monotonic() + GRACE
            while locks.is_held(self._claim) and time.monotonic() < deadline:
                time.sleep(0.02)


@dataclass(frozen=True, kw_only=True)
class Starting:
    """A process that has been started and may not answer yet.

    Args:
        server: What it is to serve.
        process: The process.
        address: Where it will answer.
        log: The file with what it prints.
    """

    server: Server
    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def wait(self) -> None:
        """Return as soon as the server answers.

        Raises:
            EmulatorFailedError: It ended, or has not answered within the deadline.
        """
        begin = time.monotonic()
        if _answers(self.server.name, self.address):
            return
        waited = time.monotonic() - begin
        ended = waited < DEADLINE
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
        raise EmulatorFailedError(
            name=self.server.name,
            cause="ended while it was starting" if ended else f"has no answer after {waited:.0f} s",
            log=self.log,
            lines=lines,
        )

    def kill(self) -> None:
        """End the process: SIGTERM, later SIGKILL."""
        self.process.terminate()
        try:
            self.process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _answers(name: str, address: str) -> bool:
    """Ask a server for its health; one that is starting finds the question in its queue."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=DEADLINE)
    try:
        connection.request("GET", HEALTH[name])
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
