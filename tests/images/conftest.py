"""Small environments, a real registry, registries that misbehave, and base images."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from images.own_engine import OwnEngine
from images.small_environments import BASE, HERE, environment_files
from registry_server import free_port

from kfpkit.config import find_project
from kfpkit.images import build
from kfpkit.images import engine as engine_module

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tiny(project):
    """Return a function that writes a project of small environments for a registry."""

    def write(registry: str = "127.0.0.1:9/tests", files: dict[str, str] | None = None, **options):
        settings = f'[tool.kfpkit]\nregistry = "{registry}"\n'
        written = {"pyproject.toml": settings} | (files or environment_files(**options))
        return find_project(project(written))

    return write


@pytest.fixture(autouse=True)
def _forget():
    """Let no client, and no choice of a command, live longer than a test."""
    yield
    engine_module.build_command.cache_clear()


@pytest.fixture
def registry(registry_server, request) -> str:
    """Return a part of the registry that no other test uses."""
    return f"{registry_server}/{abs(hash(request.node.nodeid)):x}"


@pytest.fixture(scope="session")
def base(engine) -> str:
    """Have the base image that small environments name."""
    if not engine.images.list(BASE):
        subprocess.run([ROOT / ".ci" / "engine", "bases", HERE], check=True, env=os.environ)
    return BASE


@pytest.fixture
def make(engine):
    """Return a function that builds, and removes the images afterwards."""
    made = []

    def run(project, *names, **options):
        made.append(project)
        return build(project, names, **{"network": "host", **options})

    yield run
    for project in made:
        for image in engine.images.list():
            for tag in image.tags:
                if tag.startswith(project.registry):
                    engine.api.remove_image(tag, force=True)


@pytest.fixture
def uncached_base(engine, registry):
    """Have the base image once more, with a log of its own, so that no step of a build is cached.

    Logs are not kept: what is built from it is what is built from the base image itself.
    """
    name = f"{BASE}-{registry.rpartition('/')[2]}"
    recipe = f"FROM {BASE}\nRUN echo {name} > /var/log/kfpkit-tests\n"
    engine.images.build(fileobj=io.BytesIO(recipe.encode()), tag=name, network_mode="none")
    yield name
    engine.api.remove_image(name, force=True)


@pytest.fixture
def uncached(tiny, registry, uncached_base):
    """Write a project for whose image no step of a build is cached."""
    return tiny(registry, settings=f'base-image = "{uncached_base}"')


@pytest.fixture
def layer_files():
    """Return a function that yields the files of an image's layers, each with its bytes."""

    def read(image) -> Iterator[tuple[str, bytes]]:
        with tempfile.TemporaryFile() as saved:
            for chunk in image.save():
                saved.write(chunk)
            saved.seek(0)
            with tarfile.open(fileobj=saved) as outer:
                (manifest,) = json.load(outer.extractfile("manifest.json"))
                for layer in manifest["Layers"]:
                    with tarfile.open(fileobj=outer.extractfile(layer)) as files:
                        for file in files:
                            yield file.name, files.extractfile(file).read() if file.isreg() else b""

    return read


@pytest.fixture
def tags():
    """Return a function that asks a registry for the tags of an image."""

    def ask(registry: str, name: str = "tiny") -> list[str]:
        host, _, folder = registry.partition("/")
        try:
            with urllib.request.urlopen(f"http://{host}/v2/{folder}/{name}/tags/list") as answer:
                return sorted(json.load(answer)["tags"] or [])
        except urllib.error.HTTPError:
            return []

    return ask


@pytest.fixture
def own_engine(monkeypatch):
    """Start an engine that this test may break, and let the test's commands use it."""
    if os.getuid() or not shutil.which("dockerd"):
        pytest.skip("no engine can be started")
    folder = Path(tempfile.mkdtemp(prefix="kfpkit-engine-"))
    engine = OwnEngine(folder)
    monkeypatch.setenv("DOCKER_HOST", engine.address)
    try:
        yield engine
    finally:
        engine.stop()
        subprocess.run(["umount", "--quiet", engine.data], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def refused_address() -> str:
    """Return an address where nobody listens."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def serve():
    """Return a function that serves a handler function on loopback and returns `HOST:PORT`.

    The handler gets the request, and answers through its `send`.
    """
    with contextlib.ExitStack() as stack:

        def start(answer, port: int = 0) -> str:
            class Handler(_Handler):
                answer_with = staticmethod(answer)

            server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return f"127.0.0.1:{server.server_address[1]}"

        yield start


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self) -> bytes:
        """Read what the caller sends, in chunks or as a whole."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def is_push(self) -> bool:
        """Say whether this is the last request of a push, which makes the tag."""
        return self.command == "PUT" and "/manifests/" in self.path

    def drop(self) -> None:
        """End the connection without an answer."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def forward(self, host: str) -> None:
        """Let another server answer, as a proxy that keeps the caller's host name."""
        body = self.body()
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}
        }
        asked = http.client.HTTPConnection(host)
        asked.request(
            self.command, self.path, body or None, kept | {"Content-Length": str(len(body))}
        )
        answer = asked.getresponse()
        content = answer.read()
        asked.close()
        headers = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() not in {"connection", "transfer-encoding", "date", "content-length"}
        }
        length = answer.getheader("Content-Length")
        if self.command == "HEAD" and length:
            headers["Content_Length"] = length
        self.send(answer.status, content, **headers)

    def _answer(self) -> None:
        self.answer_with(self)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server

    def log_message(self, *_) -> None:
        """Keep quiet."""
