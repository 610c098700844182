"""Multipart uploads through the XML interface, which `transfer_manager` and S3 clients use.

    POST   /BUCKET/OBJECT?uploads                    begin, and get the upload's ID
    PUT    /BUCKET/OBJECT?partNumber=N&uploadId=ID   send a part; any order, several in parallel
    GET    /BUCKET/OBJECT?uploadId=ID                list the parts
    POST   /BUCKET/OBJECT?uploadId=ID                name the parts of the object
    DELETE /BUCKET/OBJECT?uploadId=ID                cancel the upload

Until then, parts are files. When the server starts again, it removes unfinished uploads.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from xml.sax.saxutils import escape

import google_crc32c

from .objects import Resource

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
LEAST = 5 * 2**20  # bytes of each part but the last
MOST = 10_000  # the highest number of a part
_TAG = re.compile(r"\{.*\}")
_FIELDS = {
    "Cache-Control": "cacheControl",
    "Content-Disposition": "contentDisposition",
    "Content-Encoding": "contentEncoding",
    "Content-Language": "contentLanguage",
    "Content-Type": "contentType",
}
_METADATA = ("x-goog-meta-", "x-amz-meta-")


class UploadError(Exception):
    """A request doesn't match the upload, in the terms of the XML interface."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        """Keep the HTTP `status`, the interface's `code` and the `message`."""
        self.status = status
        self.code = code
        super().__init__(message)

    @property
    def xml(self) -> str:
        """The content of the response."""
        message = escape(str(self))
        return (
            f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{self.code}</Code>"
            f"<Message>{message}</Message><Details>{message}</Details></Error>"
        )


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An unfinished upload.

    Args:
        bucket: The bucket.
        name: The object's name.
        resource: The object's facts in its headers.
        folder: The folder of its parts.
    """

    bucket: str
    name: str
    resource: Resource
    folder: Path

    def part(self, number: int) -> Path:
        """The file of a part."""
        return self.folder / str(number)


class Uploads:
    """The uploads of one server."""

    def __init__(self, folder: Path) -> None:
        """Keep parts in `folder`, which is emptied."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self._uploads: dict[str, Upload] = {}

    def begin(self, bucket: str, name: str, headers: Mapping[str, str]) -> str:
        """Begin an upload, and return its id."""
        upload_id = secrets.token_urlsafe(24)
        folder = self._folder / upload_id
        folder.mkdir()
        upload = Upload(bucket=bucket, name=name, resource=_read_resource(headers), folder=folder)
        self._uploads[upload_id] = upload
        return upload_id

    def put(self, upload_id: str, number: str, content: bytes, hashes: str) -> dict[str, str]:
        """Store a part, and return the headers of the response."""
        upload = self.find(upload_id)
        if not number.isdecimal() or not 1 <= int(number) <= MOST:
            message = f"Part number must be an integer between 1 and {MOST}, inclusive."
            raise UploadError(HTTPStatus.BAD_REQUEST, "InvalidArgument", message)
        found = {
            "md5": base64.b64encode(_md5(content)).decode(),
            "crc32c": base64.b64encode(google_crc32c.Checksum(content).digest()).decode(),
        }
        for given in filter(None, (each.strip() for each in hashes.split(","))):
            kind, _, value = given.partition("=")
            if found.get(kind, value) != value:
                message = f"The {kind} you specified did not match what we received."
                raise UploadError(HTTPStatus.BAD_REQUEST, "BadDigest", message)
        upload.part(int(number)).write_bytes(content)
        listed = ",".join(f"{kind}={value}" for kind, value in found.items())
        return {"ETag": f'"{_md5(content).hex()}"', "x-goog-hash": listed}

    def list_parts(self, upload_id: str) -> str:
        """Describe the stored parts."""
        upload = self.find(upload_id)
        numbers = sorted(int(file.name) for file in upload.folder.iterdir())
        parts = ((number, upload.part(number).read_bytes()) for number in numbers)
        listed = "".join(
            f'<Part><PartNumber>{number}</PartNumber><ETag>"{_md5(content).hex()}"</ETag>'
            f"<Size>{len(content)}</Size></Part>"
            for number, content in parts
        )
        return answer("ListPartsResult", upload.bucket, upload.name, upload_id, listed)

    def join(self, upload_id: str, wanted: bytes) -> bytes:
        """Return the joined content of the parts named in the XML `wanted`."""
        upload = self.find(upload_id)
        named = _read_parts(wanted)
        numbers = [number for number, _ in named]
        if numbers != sorted(set(numbers)) or not numbers:
            message = "The list of parts was not in ascending order. Parts must be ordered."
            raise UploadError(HTTPStatus.BAD_REQUEST, "InvalidPartOrder", message)
        contents = []
        for number, tag in named:
            file = upload.part(number)
            content = file.read_bytes() if file.exists() else b""
            if not file.exists() or tag.strip('"') != _md5(content).hex():
                message = f"Part {number} could not be found, or its ETag did not match."
                raise UploadError(HTTPStatus.BAD_REQUEST, "InvalidPart", message)
            contents.append(content)
        if any(len(content) < LEAST for content in contents[:-1]):
            message = f"All parts but the last one have to have at least {LEAST} bytes."
            raise UploadError(HTTPStatus.BAD_REQUEST, "EntityTooSmall", message)
        return b"".join(contents)

    def find(self, upload_id: str) -> Upload:
        """Return an unfinished upload."""
        upload = self._uploads.get(upload_id)
        if upload is None:
            message = "The requested upload was not found."
            raise UploadError(HTTPStatus.NOT_FOUND, "NoSuchUpload", message)
        return upload

    def end(self, upload_id: str) -> None:
        """Remove an upload and its parts."""
        shutil.rmtree(self.find(upload_id).folder)
        del self._uploads[upload_id]


def answer(kind: str, bucket: str, name: str, upload_id: str, more: str = "") -> str:
    """Return the content of a response about an upload."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><{kind} xmlns='{NAMESPACE}'>"
        f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(name)}</Key>"
        f"<UploadId>{upload_id}</UploadId>{more}</{kind}>"
    )


def _read_resource(headers: Mapping[str, str]) -> Resource:
    found: Resource = {
        field: headers[header] for header, field in _FIELDS.items() if headers.get(header)
    }
    metadata = {
        header[len(prefix) :].lower(): value
        for header, value in headers.items()
        for prefix in _METADATA
        if header.lower().startswith(prefix)
    }
    return {**found, **({"metadata": metadata} if metadata else {})}


def _read_parts(wanted: bytes) -> list[tuple[int, str]]:
    """Return the numbers and tags of the parts in a request."""
    try:
        found = []
        for part in ET.fromstring(wanted):  # noqa: S314 - of a local client
            values = {_TAG.sub("", child.tag): child.text or "" for child in part}
            found.append((int(values["PartNumber"]), values["ETag"]))
    except (ET.ParseError, KeyError, ValueError):
        message = "The XML you provided was not well-formed or did not validate."
        raise UploadError(HTTPStatus.BAD_REQUEST, "MalformedXML", message) from None
    return found


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()
