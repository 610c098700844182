"""Servers on loopback that fail as tests tell them: what those of all targets share."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEFORE, AFTER = "before", "after"
"""Faults: the connection ends before or after the request was taken."""


class FaultyHandler(BaseHTTPRequestHandler):
    """Answers a request for a service, unless a fault of the service is next.

    A subclass has the `service`, which has `requests`, `faults` and an `address`. A fault is
    `BEFORE` or `AFTER`, or an answer: status, body and headers. A body that is a string isn't JSON.
    """

    service = None

    def take(self, content):
        """Record the request, and return a function that answers it."""
        raise NotImplementedError

    def may_fail(self):
        return True

    def handle_any(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.take(content)
        faults = self.service.faults
        fault = faults.popleft() if faults and self.may_fail() else None
        if fault == BEFORE:
            self.close_connection = True
            return
        if fault is None or fault == AFTER:
            found = answer()
            if fault == AFTER:
                self.close_connection = True
                return
        else:
            found = getattr(fault, "answer", fault)
        self.send(*found)

    def send(self, code, body, headers=None):
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = "text/html" if isinstance(body, str) else "application/json"
        self.send_response(code)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - http.server names them

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """A server whose clients may end in the middle of an answer, without a traceback here."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(service, handler):
    """Serve until the context ends."""
    with Server(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        service.address = f"http://127.0.0.1:{http.server_port}"
        try:
            yield service
        finally:
            http.shutdown()
            thread.join()
