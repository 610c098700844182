"""A registry, and engines that hold nothing yet: child processes with folders of their own."""

from __future__ import annotations

import contextlib
import functools
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import docker
import requests  # type: ignore[import-untyped] # requests ships no types

SECONDS_TO_START = 60
LAST_WORDS = 2000
Answer = TypeVar("Answer")
REGISTRY = """\
version: 0.1
log: {{level: error}}
storage:
  filesystem: {{rootdirectory: {folder}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@contextlib.contextmanager
def registry(folder: Path) -> Iterator[int]:
    """Serve a registry on loopback.

    Args:
        folder: Where it keeps what is pushed; what an earlier registry kept there is served again.

    Yields:
        Its port.
    """
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "registry.yml"
    configuration.write_text(REGISTRY.format(folder=folder, port=port), encoding="utf-8")
    command = ["docker-registry", "serve", str(configuration)]
    with _process(command, folder / "registry.log") as server:
        server.first_answer(lambda: requests.get(f"http://127.0.0.1:{port}/v2/", timeout=1))
        yield port


@contextlib.contextmanager
def fresh_engine() -> Iterator[docker.DockerClient]:
    """Start an engine that holds no image and no layer, as a new node has none.

    Yields:
        A client of it.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        address = f"unix://{folder}/docker.sock"
        command = ["dockerd", "--host", address, "--data-root", str(folder / "data")]
        command += ["--exec-root", str(folder / "run"), "--pidfile", str(folder / "pid")]
        # Tasks run without a network here, so the engine leaves the machine's own alone.
        command += ["--bridge", "none", "--iptables=false", "--log-level", "error"]
        with _process(command, folder / "dockerd.log") as server:
            connect = functools.partial(docker.DockerClient, base_url=address, timeout=600)
            with contextlib.closing(server.first_answer(connect)) as client:
                yield client


@dataclass(frozen=True, kw_only=True)
class _Server:
    """A child process that serves, and the file that it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def first_answer(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer; exit when there will be none."""
        until = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(requests.RequestException, docker.errors.DockerException):
                return ask()
            time.sleep(0.1)
        said = self.log.read_text(encoding="utf-8", errors="replace")
        sys.exit(f"A server of the benchmark does not answer:\n{said[-LAST_WORDS:]}")


@contextlib.contextmanager
def _process(command: Sequence[str], log: Path) -> Iterator[_Server]:
    if shutil.which(command[0]) is None:
        sys.exit(f"`{command[0]}` is not installed; Debian has it as docker.io, docker-registry.")
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as process,
    ):
        try:
            yield _Server(process=process, log=log)
        finally:
            process.terminate()
            process.wait(timeout=SECONDS_TO_START)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
