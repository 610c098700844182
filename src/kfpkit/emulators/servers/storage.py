"""Cloud Storage on this machine: `gcp-storage-emulator`, with a custom handler.

It serves clients in parallel, lists in pages, supports HEAD and uploads in parts, and turns every
failure into a status. If BigQuery isn't emulated, its clients reach this server too, and get a
message about it.

Not emulated: soft delete, versions, authorization, preconditions within a batch request.
"""

from __future__ import annotations

import base64
import errno
import io
import json
import logging
import os
import re
import socket
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.handlers.objects import _checksums, _make_object_resource
from gcp_storage_emulator.server import RequestHandler, Router, _read_raw_data

from .multipart import UploadError, Uploads, answer
from .objects import IndexedStorage, Query, Resource, UnmetConditionError
from .project_numbers import compute_number

PAGE = 1000
LISTING = re.compile(r"(?:/storage/v1)?/b/(?P<bucket>[-.\w]+)/o")
XML_OBJECT = re.compile(r"/(?P<bucket>[-.\w]+)/(?P<name>.+)")
BIGQUERY = ("/bigquery/v2/", "/upload/bigquery/v2/")
NO_BIGQUERY = (
    "BigQuery: not emulated in this run. Add `bigquery` to `emulators` in the run's configuration."
)
COPYING = re.compile(r".*/(?:copyTo|rewriteTo)/.*|.*/compose")

logger = logging.getLogger("storage")


class Handler(RequestHandler):  # type: ignore[misc]  # the package has no types
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    storage: IndexedStorage
    uploads: Uploads
    rfile: io.BufferedIOBase
    wfile: io.BufferedIOBase

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Write a line about a request to the log."""
        logger.info(format, *args)

    def _answer(self) -> None:
        """Read the whole request, process it exclusively, and write the response."""
        body = _read_raw_data(self) or b""
        del self.headers["Transfer-Encoding"], self.headers["Content-Length"]
        self.headers["Content-Length"] = str(len(body))
        reader, writer = self.rfile, self.wfile
        self.rfile, self.wfile = io.BytesIO(body), io.BytesIO()
        try:
            with self.storage.lock:
                self._work("GET" if self.command == "HEAD" else self.command)
            answer = self.wfile.getvalue()
        finally:
            self.rfile, self.wfile = reader, writer
        head, end, _ = answer.partition(b"\r\n\r\n")
        self.wfile.write(head + end if self.command == "HEAD" else answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - http.server

    def _work(self, method: str) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        storage = self.storage
        storage.query, storage.method = query, method
        # A new bucket belongs to the project of the request.
        project = query.get("project") or os.environ["GOOGLE_CLOUD_PROJECT"]
        storage.project_number = str(compute_number(project))
        storage.source = "ifSource" if COPYING.fullmatch(address.path) else "if"
        words = set(parse_qs(address.query, keep_blank_values=True))
        try:
            if address.path.startswith(BIGQUERY):
                self._send_error(HTTPStatus.NOT_IMPLEMENTED, NO_BIGQUERY)
            elif words & {"uploads", "uploadId"} and (target := XML_OBJECT.fullmatch(address.path)):
                self._upload(method, target["bucket"], unquote(target["name"]), query)
            elif method == "GET" and (listing := LISTING.fullmatch(address.path)):
                self._send_json(HTTPStatus.OK, list_page(storage, listing["bucket"], query))
            else:
                Router(self).handle(method)
        except Exception as error:  # noqa: BLE001 - a request must not end without an answer
            self._send_failure(error)

    def _upload(self, method: str, bucket: str, name: str, query: Query) -> None:
        """Respond to a request about an upload in parts."""
        uploads, upload_id, content = self.uploads, query.get("uploadId", ""), self.rfile.read()
        if method == "POST" and not upload_id:
            if bucket not in self.storage.buckets:
                message = "The specified bucket does not exist."
                raise UploadError(HTTPStatus.NOT_FOUND, "NoSuchBucket", message)
            begun = uploads.begin(bucket, name, self.headers)
            self._send_xml(answer("InitiateMultipartUploadResult", bucket, name, begun))
        elif method == "PUT":
            hashes = ",".join(self.headers.get_all("x-goog-hash", []))
            number = query.get("partNumber", "")
            self._send_xml("", more=uploads.put(upload_id, number, content, hashes))
        elif method == "GET":
            self._send_xml(uploads.list_parts(upload_id))
        elif method == "DELETE":
            uploads.end(upload_id)
            self._send(HTTPStatus.NO_CONTENT, "application/xml", b"")
        else:
            self._complete(upload_id, content)

    def _complete(self, upload_id: str, wanted: bytes) -> None:
        """Create the object from an upload's parts."""
        upload, content = self.uploads.find(upload_id), self.uploads.join(upload_id, wanted)
        generation = self.headers.get("x-goog-if-generation-match")
        if generation:
            self.storage.query = {**self.storage.query, "ifGenerationMatch": generation}
        kind = upload.resource.get("contentType", "application/octet-stream")
        names = (upload.bucket, upload.name)
        resource = _make_object_resource("", *names, kind, str(len(content)), upload.resource)
        self.storage.create_file(*names, content, _checksums(content, resource))
        self.uploads.end(upload_id)
        tag = f'<ETag>"{resource["etag"]}"</ETag>'
        self._send_xml(answer("CompleteMultipartUploadResult", *names, upload_id, tag))

    def _send_failure(self, error: Exception) -> None:
        if isinstance(error, UploadError):
            self._send(error.status, "application/xml", error.xml.encode())
            return
        status = HTTPStatus.NOT_IMPLEMENTED  # unlike 500, clients do not repeat it for minutes
        if isinstance(error, UnmetConditionError):
            status = error.status
        elif isinstance(error, NotFound):
            status = HTTPStatus.NOT_FOUND
        elif isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            status = HTTPStatus.INSUFFICIENT_STORAGE
        else:
            logger.error("%s %s\n%s", self.command, self.path, traceback.format_exc())
        self._send_error(status, f"{type(error).__name__}: {error}")

    def _send_error(self, status: HTTPStatus, message: str) -> None:
        self._send_json(status, {"error": {"code": status.value, "message": message}})

    def _send_xml(self, content: str, more: Mapping[str, str] | None = None) -> None:
        self._send(HTTPStatus.OK, "application/xml", content.encode(), more)

    def _send_json(self, status: HTTPStatus, value: Resource) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(
        self,
        status: HTTPStatus,
        kind: str,
        content: bytes,
        more: Mapping[str, str] | None = None,
    ) -> None:
        if status is HTTPStatus.NOT_MODIFIED:
            content = b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def list_page(storage: IndexedStorage, bucket: str, query: Query) -> Resource:
    """List a page of a bucket's objects and prefixes, in the order of their names."""
    objects, prefixes = storage.get_file_list(
        bucket, query.get("prefix"), query.get("delimiter"), query.get("matchGlob")
    )
    found = sorted([(item["name"], item) for item in objects] + [(name, None) for name in prefixes])
    after = base64.urlsafe_b64decode(query.get("pageToken", "")).decode()
    start, end = query.get("startOffset", ""), query.get("endOffset")
    found = [entry for entry in found if entry[0] > after and entry[0] >= start]
    found = [entry for entry in found if end is None or entry[0] < end]
    size = min(int(query.get("maxResults", PAGE)), PAGE)
    answer: Resource = {
        "kind": "storage#objects",
        "items": [item for _, item in found[:size] if item is not None],
        "prefixes": [name for name, item in found[:size] if item is None],
    }
    if len(found) > size:
        answer["nextPageToken"] = base64.urlsafe_b64encode(found[size - 1][0].encode()).decode()
    return answer


class Server(ThreadingHTTPServer):
    """A thread for each connection, on a socket that is already listening."""

    def __init__(self, listener: socket.socket, storage: IndexedStorage) -> None:
        """Take the `listener` over."""
        super().__init__(listener.getsockname(), partial(Handler, storage), bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = listener.getsockname()


def serve(listeners: Sequence[socket.socket], data: Path) -> None:
    """Open the objects in `data`, then serve until SIGTERM."""
    (listener,) = listeners
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("gcp_storage_emulator").setLevel(logging.CRITICAL)
    Handler.uploads = Uploads(data / "uploads")
    Server(listener, IndexedStorage(data)).serve_forever()
