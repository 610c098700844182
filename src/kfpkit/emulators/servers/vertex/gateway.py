"""Directs Google's unchanged clients to this process: REST and gRPC, on Google's own hosts.

    client ──CONNECT──▶ proxy ──▶ TLS for HTTP (requests)   ──▶ `rest`
                          │   └─▶ TLS for HTTP/2 (grpc)      ──▶ `rpc`, which starts when needed
                          └─────▶ all other hosts, through this machine's proxy if it has one

Which of both a client speaks is in its first message of TLS. The certificates are made by an
authority of this process, whose keys stay in memory.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..certificates import Authority
from ..proxy import Proxy, Route, connect, reach
from .hello import offers_only_http2

# A wildcard stands for one part of a name.
_DOMAINS = ("googleapis.com", "us.rep.googleapis.com", "eu.rep.googleapis.com", "pkg.dev")
_BIGQUERY = ("bigquerystorage.googleapis.com", "bigquery.googleapis.com", "storage.googleapis.com")
_HTTPS = 443
_HELLO = 8 * 1024
_HEAD = 5  # bytes in front of a message of TLS, with its length at their end


class Gateway:
    """The proxy."""

    def __init__(
        self,
        listener: socket.socket,
        *,
        data: Path,
        http: int,
        authority: Authority,
        start_rpc: Callable[[Authority], tuple[Any, int]],
    ) -> None:
        """Start to direct clients.

        Args:
            listener: The socket of the proxy.
            data: The folder of the emulator's data.
            http: The port with TLS for HTTP.
            authority: The authority of the certificates.
            start_rpc: Starts the server for gRPC, and returns it with its port.
        """
        self._data = data
        self._http = http
        self._authority = authority
        self._start_rpc = start_rpc
        self._lock = threading.Lock()
        self._server: Any = None
        self._port = 0
        authority.write_roots(data / "roots.pem")
        Proxy(listener, self._lead)

    def stop(self) -> None:
        """End the running calls."""
        with self._lock:
            if self._server is not None:
                self._server.stop(None)

    def _lead(self, host: str) -> Route | None:
        if host in _BIGQUERY and (proxy := self._find_bigquery()):
            return lambda _: reach(host, _HTTPS, proxy)
        is_ours = any(host.endswith(f".{domain}") for domain in _DOMAINS)
        return self._reach_own if is_ours else None

    def _find_bigquery(self) -> str:
        """Return the proxy of the emulator of BigQuery, if it runs."""
        try:
            record = json.loads((self._data.parent / "bigquery" / "server.json").read_bytes())
            proxy = str(record["addresses"]["proxy"])
            connect("127.0.0.1", int(proxy.rpartition(":")[2])).close()
        except (OSError, ValueError, KeyError):
            return ""
        return proxy

    def _reach_own(self, client: socket.socket) -> socket.socket:
        hello = _peek(client)
        port = self._find_rpc() if offers_only_http2(hello) else self._http
        return connect("127.0.0.1", port)

    def _find_rpc(self) -> int:
        """Return the port of the server for gRPC, which starts with its first client."""
        with self._lock:
            if self._server is None:
                self._server, self._port = self._start_rpc(self._authority)
            return self._port


def list_hosts() -> list[str]:
    """Return the names in the certificate."""
    return [f"*.{domain}" for domain in _DOMAINS]


def load_context(authority: Authority) -> ssl.SSLContext:
    """Return the server's side of TLS.

    OpenSSL reads a key from a file only. On Linux, the file is in memory.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    content = authority.key + authority.chain
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("key", os.MFD_CLOEXEC), "wb") as file:
            file.write(content)
            file.flush()
            context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")
    else:  # only its owner can read it, and it is gone at once
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def _peek(client: socket.socket) -> bytes:
    """Return the beginning of what the client sends, which stays to be read."""
    client.settimeout(10)
    try:
        hello = client.recv(_HELLO, socket.MSG_PEEK)
        while _HEAD <= len(hello) < min(_HELLO, _HEAD + int.from_bytes(hello[3:5], "big")):
            hello = client.recv(_HELLO, socket.MSG_PEEK)
    finally:
        client.settimeout(None)
    return hello
