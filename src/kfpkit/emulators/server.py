"""Starts one emulator's process, checks that it responds, and stops it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kfpkit import locks
from kfpkit.emulators.known import Emulator
from kfpkit.errors import EmulatorFailedError, PortInUseError

# Seconds to answer: a first start without byte code takes some, on a busy machine a minute.
DEADLINE = 180.0
GRACE = 8.0  # seconds from SIGTERM to SIGKILL; the servers themselves give up after 5
TAIL = 15  # lines of the log in an error

# Whatever else the shell has, such as DATA_DIR or http_proxy, would steer the servers.
_INHERITED = (
    *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR"),
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    *("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),
)
_UPSTREAMS = ("grpc_proxy", "https_proxy", "http_proxy")  # in the order in which gRPC looks


@dataclass(frozen=True)
class Addresses:
    """The addresses of a server.

    Args:
        http: Its address.
        proxy: The proxy that directs gRPC clients to it, if it has one.
    """

    http: str
    proxy: str | None = None


@dataclass(frozen=True, kw_only=True)
class Server:
    """The files of one emulator under `.kfpkit/emulators/`.

    Args:
        emulator: The emulator.
        folder: The folder of all emulators.
    """

    emulator: Emulator
    folder: Path

    @property
    def data(self) -> Path:
        """The folder with the server's data."""
        return self.folder / self.emulator.name

    @property
    def roots(self) -> Path:
        """The certificates that gRPC clients trust. A server with a proxy writes them."""
        return self.data / "roots.pem"

    @property
    def _claim(self) -> Path:
        return self.data / "server.lock"

    @property
    def _record(self) -> Path:
        return self.data / "server.json"

    @property
    def process(self) -> int:
        """The number of the process that serves the data. 0 if it isn't known."""
        try:
            return int(self._claim.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0

    def find(self, settings: Mapping[str, str] | None = None) -> Addresses | None:
        """Return the addresses of a healthy process that serves the data, if there is one.

        Args:
            settings: Its settings. By default, any.
        """
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            addresses = Addresses(**record["addresses"])
        except (OSError, ValueError, KeyError):
            return None
        if settings is not None and settings != record["settings"]:
            return None
        if not locks.is_held(self._claim):
            return None
        return None if ask_health(self.emulator, addresses) is None else addresses

    def start(
        self, python: Path, settings: Mapping[str, str], log: Path, *, port: int = 0
    ) -> Starting:
        """Start a process that serves with these `settings`, and return without waiting for it.

        Args:
            python: Its Python.
            settings: Its environment variables, apart from those of the machine.
            log: The file for its output.
            port: The port for HTTP. By default, a free one.

        Raises:
            PortInUseError: Another program listens on the `port`.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(log.open("ab"))
            ports = [port, 0] if self.emulator.proxies else [port]
            listeners = [_listen(stack, each) for each in ports]
            addresses = Addresses(
                *(f"http://127.0.0.1:{each.getsockname()[1]}" for each in listeners)
            )
            process = subprocess.Popen(
                self._command(python, listeners),
                cwd=Path(__file__).parent,
                env={**_environment(settings), **self._describe_jobs()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno() for listener in listeners],
                start_new_session=True,  # Ctrl-C reaches the run, which then stops the servers
            )
        # Another run may need the server for longer than this one; then nobody here waits for it.
        threading.Thread(target=process.wait, daemon=True).start()
        record = {"addresses": asdict(addresses), "settings": dict(settings)}
        self._record.write_text(json.dumps(record), encoding="utf-8")
        return Starting(server=self, process=process, addresses=addresses, log=log)

    def _command(self, python: Path, listeners: Sequence[socket.socket]) -> list[str]:
        what = [str(python), "-m", "servers", self.emulator.name]
        ways = [f"--listener={listener.fileno()}" for listener in listeners]
        return [*what, *ways, "--data", str(self.data), "--users", str(self.folder / "users.lock")]

    def _describe_jobs(self) -> dict[str, str]:
        """Return the variable that says how the process runs jobs: as this process would."""
        if not self.emulator.runs_jobs:
            return {}
        project = self.folder.parent.parent
        jobs = {
            "command": [sys.executable, "-m", "kfpkit.jobs"],
            "reader": [sys.executable, "-m", "kfpkit.jobs.template"],
            "project": str(project),
            "variables": dict(os.environ),
        }
        return {"KFPKIT_JOBS": json.dumps(jobs)}

    def stop(self) -> None:
        """End the process that serves the data, whatever started it: SIGTERM, later SIGKILL."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if locks.is_held(self._claim):
                with contextlib.suppress(ProcessLookupError, ValueError, OSError):
                    os.kill(int(self._claim.read_text(encoding="utf-8")), number)
            deadline = time.monotonic() + GRACE
            while locks.is_held(self._claim) and time.monotonic() < deadline:
                time.sleep(0.02)


@dataclass(frozen=True, kw_only=True)
class Starting:
    """A process that has been started and may not respond yet.

    Args:
        server: The server that it runs.
        process: The process.
        addresses: Its future addresses.
        log: The file with its output.
    """

    server: Server
    process: subprocess.Popen[bytes]
    addresses: Addresses
    log: Path

    def wait(self) -> None:
        """Return as soon as the server responds.

        Raises:
            EmulatorFailedError: It ended, or didn't respond before the deadline.
        """
        begin = time.monotonic()
        if ask_health(self.server.emulator, self.addresses) is not None:
            return
        waited = time.monotonic() - begin
        ended = waited < DEADLINE
        if ended:  # its sockets are closed, and what it says last may still be on the way
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=GRACE)
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
        raise EmulatorFailedError(
            name=self.server.emulator.name,
            cause="exited while it was starting"
            if ended
            else (f"did not respond within {waited:.0f} s"),
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


def _listen(stack: contextlib.ExitStack, port: int) -> socket.socket:
    """Listen on a port, or a free one. A child that inherits the socket continues to listen."""
    listener = stack.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise PortInUseError(port=port, cause=error.strerror or str(error)) from None
    listener.listen(128)
    return listener


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    proxies = (os.environ.get(name) or os.environ.get(name.upper()) for name in _UPSTREAMS)
    upstream = next(filter(None, proxies), "")
    # By another name, lest the server itself go through it.
    way = {"KFPKIT_UPSTREAM_PROXY": upstream}
    return {**inherited, **settings, **way, "PYTHONUNBUFFERED": "1"}


def ask_health(emulator: Emulator, addresses: Addresses) -> bytes | None:
    """Return what a healthy server answers. A starting server finds the request in its queue.

    Args:
        emulator: The emulator.
        addresses: The addresses of the server.

    Returns:
        The answer. None if it isn't healthy.
    """
    import http.client  # noqa: PLC0415 - imports ssl, and most runs have no emulators

    connection = http.client.HTTPConnection(urlsplit(addresses.http).netloc, timeout=DEADLINE)
    try:
        connection.request("GET", emulator.health)
        response = connection.getresponse()
        return response.read() if response.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
