"""Directs gRPC clients to the Storage Read API of this server, without changes in the clients.

Such a client has no variable for its host: it connects to `bigquerystorage.googleapis.com`. But
gRPC uses the proxy in `grpc_proxy` for every connection, and trusts the certificates in the file
`GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`. This proxy directs Google's host to a server here, with a
generated certificate for that host, and forwards other connections.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi

from .certificates import make_certificate
from .refusals import not_emulated

HOSTS = ("bigquerystorage.googleapis.com", "bigquery.googleapis.com", "storage.googleapis.com")
UPSTREAM = "KFPKIT_UPSTREAM_PROXY"
_HEAD = 16 * 1024  # bytes of a request's head, at most
_PATIENCE = 30.0  # seconds to reach another host
_PIECE = 64 * 1024
_WORKERS = 32  # calls at work at a time; a client reads several streams at once


class Gateway:
    """The proxy, and a server behind it that starts with the first client. Few runs need it."""

    def __init__(self, listener: socket.socket, roots: Path) -> None:
        """Start to direct clients.

        Args:
            listener: The socket of the proxy.
            roots: The file of trusted certificates to write.
        """
        self._key, self._certificate = make_certificate(HOSTS)
        trusted = Path(os.environ.get("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH") or certifi.where())
        part = roots.with_name(f"{roots.name}.part")
        part.write_bytes(self._certificate + trusted.read_bytes())
        part.replace(roots)
        self._lock = threading.Lock()
        self._server: Any = None
        self._port = 0
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        """End the running calls."""
        with self._lock:
            if self._server is not None:
                self._server.stop(None)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            with contextlib.suppress(ConnectionError):
                client, _ = listener.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        """Connect a client to its destination, as a proxy does."""
        with client:
            try:
                method, target, *_ = _read_head(client).split()
                if method != b"CONNECT":
                    client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                    return
                host, _, number = target.decode().rpartition(":")
                other = self._reach_own() if host in HOSTS else _reach(host, int(number))
            except (OSError, ValueError):
                with contextlib.suppress(OSError):
                    client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            with other, contextlib.suppress(OSError):
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_copy, args=(other, client), daemon=True)
                back.start()
                _copy(client, other)
                back.join()

    def _reach_own(self) -> socket.socket:
        with self._lock:
            if self._server is None:
                self._server, self._port = _start(self._key, self._certificate)
        return _connect("127.0.0.1", self._port)


def _start(key: bytes, certificate: bytes) -> tuple[Any, int]:
    """Start the server of BigQuery's gRPC interfaces, and return it with its port."""
    import grpc  # noqa: PLC0415 - importing it takes as long as all else together
    from local_bigquery.grpc import server as package  # noqa: PLC0415 - as above

    class Others(grpc.GenericRpcHandler):  # type: ignore[misc]  # the package has no types
        """Rejects calls of services that are missing here, immediately and by name."""

        def service(self, call: Any) -> Any:
            """Refuse a call."""
            what = f"The gRPC service `{call.method.split('/')[1]}`"
            message = not_emulated(what, "Use its REST client.").message
            return grpc.stream_stream_rpc_method_handler(
                lambda _, context: context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
            )

    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS))
    handlers = [
        grpc.method_handlers_generic_handler(name, calls)
        for name, calls in package.SERVICES.items()
    ]
    server.add_generic_rpc_handlers([*handlers, Others()])
    credentials = grpc.ssl_server_credentials([(key, certificate)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    return server, int(port)


def _read_head(client: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = client.recv(_HEAD - len(head))
        if not piece:
            raise ConnectionError
        head += piece
    return head


def _reach(host: str, port: int) -> socket.socket:
    """Connect to another host, through the proxy of this machine if it has one."""
    proxy = urlsplit(os.environ.get(UPSTREAM, ""))
    if not proxy.hostname:
        return _connect(host.strip("[]"), port)
    upstream = _connect(proxy.hostname, proxy.port or 80)
    upstream.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    if _read_head(upstream).split()[1] != b"200":
        upstream.close()
        raise ConnectionError
    return upstream


def _connect(host: str, port: int) -> socket.socket:
    found = socket.create_connection((host, port), timeout=_PATIENCE)
    found.settimeout(None)
    return found


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
