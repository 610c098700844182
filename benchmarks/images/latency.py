"""A registry that knows nothing but which tags it has, and takes its time to say so."""

from __future__ import annotations

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator

DIGEST = f"sha256:{64 * '0'}"


class SlowRegistry(http.server.ThreadingHTTPServer):
    """Answers each question after a while.

    Args:
        seconds: How long each answer takes.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.seconds = seconds
        self.tags: set[str] = set()

    @property
    def address(self) -> str:
        """What stands before an environment's name in an image reference."""
        return f"127.0.0.1:{self.server_address[1]}/kfpkit"

    def take(self, image: str) -> None:
        """Have an image from now on, as if it had been pushed."""
        name, _, tag = image.rpartition(":")
        self.tags.add(f"/v2/{name.partition('/')[2]}/manifests/{tag}")


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SlowRegistry

    def _answer(self) -> None:
        time.sleep(self.server.seconds)
        self.send_response(200 if self.path in self.server.tags else 404)
        self.send_header("Docker-Content-Digest", DIGEST)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - the names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Say nothing: the benchmark prints its figures only."""


@contextlib.contextmanager
def slow_registry(seconds: float) -> Iterator[SlowRegistry]:
    """Serve such a registry on loopback.

    Args:
        seconds: How long each answer takes.
    """
    with SlowRegistry(seconds) as registry:
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        try:
            yield registry
        finally:
            registry.shutdown()
