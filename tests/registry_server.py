"""A real registry for tests, on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def registry_server(tmp_path_factory) -> Iterator[str]:
    """Serve a real registry on loopback."""
    if shutil.which("docker-registry") is None:
        pytest.fail("`docker-registry` is not installed; `.ci/engine install` does it.")
    folder, port = tmp_path_factory.mktemp("registry"), free_port()
    configuration = folder / "config.yml"
    configuration.write_text(
        f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder}}}}}"
        f'\nhttp: {{addr: "127.0.0.1:{port}"}}\n'
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["docker-registry", "serve", configuration], stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/v2/")
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def free_port() -> int:
    """Return a port of loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(address: str) -> None:
    end = time.monotonic() + 30
    while not answers(address):
        assert time.monotonic() < end, f"{address} does not answer"
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False
