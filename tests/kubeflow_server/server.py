"""The server over HTTP: which request does what, who may ask, and faults."""

from __future__ import annotations

import email
import re
import threading
from collections import deque
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import kfp_server_api
from faulty_http import AFTER, BEFORE, FaultyHandler, serving

from kubeflow_server.refusals import MISSING, UNKNOWN_USER, RefusalError
from kubeflow_server.store import Store

__all__ = ["AFTER", "BEFORE", "KubeflowServer", "serve_kubeflow"]

_ROOT = "/apis/v2beta1"
_LOG = re.compile(r".*/apis/v1alpha1/runs/([^/]+)/nodes/([^/]+)/log")
_KINDS = {
    "experiments": ("experiments", "V2beta1Experiment"),
    "runs": ("runs", "V2beta1Run"),
    "recurringruns": ("recurring_runs", "V2beta1RecurringRun"),
    "pipelines": ("pipelines", "V2beta1Pipeline"),
}


class KubeflowServer(Store):
    """The resources, the requests, who may ask, and the faults to come.

    A fault is an answer (status, body, headers), or `BEFORE` or `AFTER`: the connection ends before
    or after the request was taken.
    """

    def __init__(self):
        super().__init__()
        self.requests = []
        self.faults = deque()
        self.token = None
        self.cookie = None
        self.address = ""
        self._types = kfp_server_api.ApiClient()
        self._lock = threading.Lock()

    def answer(self, verb, target, headers, content):
        """Return the status, the body and headers for a request."""
        try:
            with self._lock:
                self._require_login(headers)
                log = _LOG.fullmatch(target)
                if log:
                    # Its status is sent before the log is looked for.
                    return 200, self.read_log(*log.groups()), {"Content-Type": "text/plain"}
                found = self._dispatch(verb, target, headers, content)
            return 200, self._types.sanitize_for_serialization(found) or {}
        except RefusalError as refusal:
            return refusal.answer

    def _require_login(self, headers):
        given = headers.get("Authorization", "")
        if self.token is not None and given != f"Bearer {self.token}":
            raise RefusalError(UNKNOWN_USER, "Request header error: the token is not valid")
        if self.cookie is not None and headers.get("Cookie") != self.cookie:
            raise RefusalError(
                UNKNOWN_USER, "Request header error: there is no user identity header."
            )

    def _dispatch(self, verb, target, headers, content):
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        # What is before it leads through a proxy to the server.
        _, found, rest = path.partition(_ROOT)
        if not found:
            raise RefusalError(MISSING, "Not Found")
        parts = rest.strip("/").split("/")
        if parts == ["healthz"]:
            return self.check_health()
        if parts[0] == "pipelines" and parts[1:] in (["upload"], ["upload_version"]):
            uploaded = _read_upload(headers, content)
            if parts[1] == "upload_version":
                return self.create_version(uploaded, query)
            name = query.get("name", [""])[0]
            return self.upload_pipeline(name, uploaded, query)
        if parts[0] == "pipelines" and len(parts) > 2:
            return self._serve_versions(verb, parts[1], parts[3:], query)
        if parts[0] not in _KINDS or len(parts) > 2:
            raise RefusalError(MISSING, "Not Found")
        if len(parts) == 1:
            return self._serve_all(verb, parts[0], query, content)
        return self._serve_one(verb, parts[0], parts[1])

    def _serve_all(self, verb, kind, query, content):
        name, model = _KINDS[kind]
        if verb == "GET":
            return getattr(self, f"list_{name}")(query)
        sent = self._types.deserialize(SimpleNamespace(data=content), model)
        return getattr(self, f"create_{name.removesuffix('s')}")(sent)

    def _serve_one(self, verb, kind, target):
        name = _KINDS[kind][0]
        resource, _, action = target.partition(":")
        if verb == "DELETE":
            return self.remove(name, resource)
        if verb == "POST":
            return self._act(name, resource, action)
        return self.get_run(resource) if name == "runs" else self.find(name, resource)

    def _act(self, kind, name, action):
        found = self.find(kind, name)
        if (kind, action) == ("runs", "terminate"):
            self.terminate_run(name)
        elif (kind, action) == ("runs", "retry"):
            self.retry_run(name)
        elif action in {"archive", "unarchive"} and kind in {"runs", "experiments"}:
            found.storage_state = "ARCHIVED" if action == "archive" else "AVAILABLE"
        elif action in {"enable", "disable"} and kind == "recurring_runs":
            found.status = action.upper() + "D"
        else:
            raise RefusalError(MISSING, "Not Found")

    def _serve_versions(self, verb, pipeline, rest, query):
        self.find("pipelines", pipeline)
        if not rest:
            return self.list_versions(pipeline, query)
        if verb == "DELETE":
            return self.remove("versions", rest[0])
        return self.find("versions", rest[0])


def _read_upload(headers, content):
    """Return the file in a form."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + content)
    [part] = [
        each
        for each in message.walk()
        if re.search(r'name="uploadfile"', each.get("Content-Disposition", ""))
    ]
    return part.get_payload(decode=True)


class Handler(FaultyHandler):
    """Answers one request. A subclass has the service."""

    def take(self, content):
        own = (self.command, self.path, dict(self.headers), content)
        self.service.requests.append(own)
        return lambda: self.service.answer(self.command, self.path, self.headers, content)


@contextmanager
def serve_kubeflow():
    """Serve until the context ends."""
    server = KubeflowServer()
    with serving(server, type("KubeflowHandler", (Handler,), {"service": server})):
        yield server
