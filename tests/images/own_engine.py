"""A Docker engine of the test's own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from pathlib import Path

import docker


class OwnEngine:
    """A Docker engine that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix://{folder}/docker.sock"
        self.data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["dockerd", "--host", self.address, "--data-root", self.data]
        command += ["--exec-root", self.folder / "exec", "--pidfile", self.folder / "pid"]
        command += ["--bridge", "none", "--iptables=false"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.2)

    def answers(self) -> bool:
        with contextlib.suppress(docker.errors.DockerException, OSError):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.folder / "docker.sock"))
            client = docker.DockerClient(base_url=self.address)
            with contextlib.closing(client):
                return client.ping()
        return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def load(self, client: docker.DockerClient, image: str) -> None:
        with contextlib.closing(docker.DockerClient(base_url=self.address, timeout=300)) as own:
            own.api.load_image(client.images.get(image).save(named=True))
