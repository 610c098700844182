"""A server on loopback that creates runs, and fails as it is told, for tests of the client."""

from __future__ import annotations

import json
import ssl
import threading
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BEFORE, AFTER = "before", "after"


def make_error(code, message="It is refused", status="X", **info):
    """Return the answer of a service that refuses something, with an `ErrorInfo`."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    details = [{"@type": kind, "domain": "googleapis.com", **info}] if info else []
    return code, {"error": {"code": code, "message": message, "status": status, "details": details}}


class VertexServer:
    """The runs, the requests, and the faults to come.

    A fault is an answer, or `BEFORE` or `AFTER`: the connection ends before or after the request
    was taken.
    """

    def __init__(self):
        self.jobs = {}
        self.requests = []
        self.faults = deque()
        self.answers = {}
        self.hosts = []
        self.address = ""

    def create(self, parent, query, body):
        name = f"{parent}/pipelineJobs/{query['pipelineJobId'][0]}"
        if name in self.jobs:
            return make_error(409, f"Requested entity already exists: {name}", "ALREADY_EXISTS")
        self.jobs[name] = {**body, "name": name, "state": "PIPELINE_STATE_PENDING", "later": 1}
        return 200, self.jobs[name]

    def find(self, name):
        return (200, self.jobs[name]) if name in self.jobs else make_error(404, "Not found.")

    def answer(self, verb, target, body):
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        for (own_verb, beginning), answer in self.answers.items():
            if verb == own_verb and path.startswith(beginning):
                return answer(path, query, body) if callable(answer) else answer
        if verb == "POST" and path.endswith("/pipelineJobs"):
            return self.create(path.removeprefix("/v1/").rpartition("/")[0], query, body)
        return self.find(path.removeprefix("/v1/"))


def _make_handler(server, context):
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = self.headers.get("Content-Type", "").startswith("application/json")
            body = json.loads(content) if content and is_json else content
            server.requests.append((self.command, self.path, dict(self.headers), body))
            is_sign_in = self.path == "/token"
            fault = server.faults.popleft() if server.faults and not is_sign_in else None
            if fault == BEFORE:
                self.close_connection = True
                return
            if fault is None or fault == AFTER:
                answer = server.answer(self.command, self.path, body)
                if fault == AFTER:
                    self.close_connection = True
                    return
            else:
                answer = fault
            self.send(*answer)

        def do_CONNECT(self):
            """Answer as any host of Google's, as a proxy that ends the encryption."""
            self.send_response(200)
            self.end_headers()
            server.hosts.append(self.path)
            with context.wrap_socket(self.connection, server_side=True) as own:
                Handler(own, self.client_address, self.server)
            self.close_connection = True

        def send(self, code, body, headers=None):
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(code)
            kind = "text/html" if isinstance(body, str) else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - http.server names them

        def log_message(self, *_):
            pass

    return Handler


@contextmanager
def serve_vertex(certificate=None):
    """Serve until the context ends.

    With a file that has a certificate and its key, it is a proxy too, behind which it answers as
    every host that the certificate names.
    """
    server = VertexServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(server, context)) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.address = f"http://127.0.0.1:{http.server_port}"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
