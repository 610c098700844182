"""A server on loopback that creates runs, and fails as it is told, for tests of the client."""

from __future__ import annotations

import json
import ssl
from collections import deque
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from faulty_http import AFTER, BEFORE, FaultyHandler, serving

__all__ = ["AFTER", "BEFORE", "VertexServer", "make_error", "serve_vertex"]


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


class Handler(FaultyHandler):
    """Answers one request. A subclass has the service and its certificate."""

    context = None

    def take(self, content):
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        body = json.loads(content) if content and is_json else content
        self.service.requests.append((self.command, self.path, dict(self.headers), body))
        return lambda: self.service.answer(self.command, self.path, body)

    def may_fail(self):
        return self.path != "/token"  # a sign-in

    def do_CONNECT(self):  # noqa: N802 - http.server names it
        """Answer as any host of Google's, as a proxy that ends the encryption."""
        self.send_response(200)
        self.end_headers()
        self.service.hosts.append(self.path)
        with self.context.wrap_socket(self.connection, server_side=True) as own:
            type(self)(own, self.client_address, self.server)
        self.close_connection = True


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
    handler = type("VertexHandler", (Handler,), {"service": server, "context": context})
    with serving(server, handler):
        yield server
