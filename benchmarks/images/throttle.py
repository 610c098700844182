"""A proxy on loopback that forwards TCP connections at a given bandwidth."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

CHUNK = 64 * 1024


class Bandwidth:
    """A budget of bytes per second that all connections share.

    Args:
        bytes_per_second: The budget.
    """

    def __init__(self, bytes_per_second: float) -> None:
        self._seconds_per_byte = 1 / bytes_per_second
        self._free_at = 0.0
        self._lock = threading.Lock()

    def spend(self, size: int) -> None:
        """Wait until this many bytes more may have passed."""
        with self._lock:
            now = time.monotonic()
            self._free_at = max(now, self._free_at) + size * self._seconds_per_byte
            wait = self._free_at - now
        time.sleep(wait)


class _Forward(socketserver.BaseRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        with socket.create_connection(self.server.target) as upstream:
            sending = threading.Thread(target=_copy, args=(self.request, upstream, None))
            sending.start()
            _copy(upstream, self.request, self.server.bandwidth)
            sending.join()


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, target: tuple[str, int], bandwidth: Bandwidth) -> None:
        super().__init__(("127.0.0.1", 0), _Forward)
        self.target = target
        self.bandwidth = bandwidth


@contextlib.contextmanager
def throttled(port: int, megabytes_per_second: float) -> Iterator[int]:
    """Forward to a port of this machine; what comes back comes at the given bandwidth.

    Args:
        port: Where the connections go.
        megabytes_per_second: The bandwidth of all connections together.

    Yields:
        The port to connect to.
    """
    with _Proxy(("127.0.0.1", port), Bandwidth(megabytes_per_second * 1e6)) as proxy:
        serving = threading.Thread(target=proxy.serve_forever, daemon=True)
        serving.start()
        try:
            yield proxy.server_address[1]
        finally:
            proxy.shutdown()


def _copy(source: socket.socket, target: socket.socket, bandwidth: Bandwidth | None) -> None:
    # A side that hangs up in the middle ends the connection, as it would without the proxy.
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            if bandwidth is not None:
                bandwidth.spend(len(data))
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
