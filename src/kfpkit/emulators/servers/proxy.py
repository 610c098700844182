"""A proxy for HTTP's CONNECT, which directs Google's hosts to servers on this machine.

Google's clients connect to fixed hosts, and use the proxy of the environment for every connection.
The proxy directs the hosts of an emulator to a server of this process, and forwards all other
connections, through the proxy of this machine if it has one.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import threading
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

UPSTREAM = "KFPKIT_UPSTREAM_PROXY"
_HEAD = 16 * 1024  # bytes of a request's head, at most
_PATIENCE = 30.0  # seconds to reach another host
_PIECE = 64 * 1024


class Proxy:
    """A proxy that serves until its process ends."""

    def __init__(self, listener: socket.socket, lead: Callable[[str], Route | None]) -> None:
        """Start to serve.

        Args:
            listener: The socket of the proxy.
            lead: Returns where a host is served. None for hosts of others.
        """
        self._lead_to = lead
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            with contextlib.suppress(ConnectionError):
                client, _ = listener.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        """Connect a client to its destination."""
        with client:
            try:
                method, target, *_ = read_head(client).split()
                if method != b"CONNECT":
                    client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                    return
                host, _, number = target.decode().rpartition(":")
                route = self._lead_to(host)
                other = None if route else reach(host, int(number))
            except (OSError, ValueError):
                with contextlib.suppress(OSError):
                    client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            with contextlib.suppress(OSError):
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                if other is None and route is not None:
                    other = route(client)
                if other is not None:
                    with other:
                        _copy_both(client, other)


Route = Callable[[socket.socket], socket.socket]
"""Connects to a server, given a client that is about to send its first bytes."""


def _copy_both(client: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_copy, args=(other, client), daemon=True)
    back.start()
    _copy(client, other)
    back.join()


def read_head(client: socket.socket) -> bytes:
    """Read the head of a request or response, and nothing after it."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        # What follows the head may be the client's next words, so no byte too many is taken.
        piece = client.recv(1)
        if not piece or len(head) > _HEAD:
            raise ConnectionError
        head += piece
    return head


def reach(host: str, port: int, proxy: str | None = None) -> socket.socket:
    """Connect to another host, through a proxy if there is one.

    Args:
        host: The host.
        port: The port.
        proxy: The proxy's address. By default, that of this machine.
    """
    way = urlsplit(os.environ.get(UPSTREAM, "") if proxy is None else proxy)
    if not way.hostname:
        return connect(host.strip("[]"), port)
    upstream = connect(way.hostname, way.port or 80)
    lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
    if way.username:
        pair = f"{unquote(way.username)}:{unquote(way.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    upstream.sendall("\r\n".join([*lines, "", ""]).encode())
    if read_head(upstream).split()[1] != b"200":
        upstream.close()
        raise ConnectionError
    return upstream


def connect(host: str, port: int) -> socket.socket:
    """Connect to a host, with a limit in time for that only."""
    found = socket.create_connection((host, port), timeout=_PATIENCE)
    found.settimeout(None)
    return found


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
