"""Directs gRPC clients to the Storage Read API of this server, without changes in the clients.

Such a client has no variable for its host: it connects to `bigquerystorage.googleapis.com`. But
gRPC uses the proxy in `grpc_proxy` for every connection, and trusts the certificates in the file
`GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`. This proxy directs Google's host to a server here, with a
generated certificate for that host, and forwards other connections.
"""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..certificates import Authority
from ..proxy import Proxy, Route, connect
from .refusals import not_emulated

HOSTS = ("bigquerystorage.googleapis.com", "bigquery.googleapis.com", "storage.googleapis.com")
_WORKERS = 32  # calls at work at a time; a client reads several streams at once


class Gateway:
    """The proxy, and a server behind it that starts with the first client. Few runs need it."""

    def __init__(self, listener: socket.socket, roots: Path) -> None:
        """Start to direct clients.

        Args:
            listener: The socket of the proxy.
            roots: The file of trusted certificates to write.
        """
        self._authority = Authority.create(HOSTS)
        self._authority.write_roots(roots)
        self._lock = threading.Lock()
        self._server: Any = None
        self._port = 0
        Proxy(listener, self._lead)

    def stop(self) -> None:
        """End the running calls."""
        with self._lock:
            if self._server is not None:
                self._server.stop(None)

    def _lead(self, host: str) -> Route | None:
        return self._reach_own if host in HOSTS else None

    def _reach_own(self, _: socket.socket) -> socket.socket:
        with self._lock:
            if self._server is None:
                self._server, self._port = _start(self._authority)
        return connect("127.0.0.1", self._port)


def _start(authority: Authority) -> tuple[Any, int]:
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
    credentials = grpc.ssl_server_credentials([(authority.key, authority.chain)])
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    return server, int(port)
