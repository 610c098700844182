"""Servers on loopback that answer as a test wants them to, registries that fail among them."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture
def refused_address() -> Iterator[str]:
    """Hold a port of loopback at which nobody listens; yields its address."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"


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
            name: ", ".join(self.headers.get_all(name) or ())
            for name in self.headers
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
