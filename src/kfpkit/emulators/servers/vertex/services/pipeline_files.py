"""The files of repositories for compiled pipelines, on the hosts `LOCATION-kfp.pkg.dev`.

- `POST /PROJECT/REPOSITORY` uploads a form with `content` and `tags`.
- `GET /PROJECT/REPOSITORY/PACKAGE/VERSION` downloads a file, by its version or a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from ..refusals import RefusedError, invalid
from .artifact_registry import ArtifactRegistry

HOST = re.compile(r"(?P<location>[a-z0-9-]+)-kfp\.pkg\.dev(?::\d+)?")
_PLACE = re.compile(r"/(?P<project>[^/]+)/(?P<repository>[a-z0-9-]+)/?")
_FILE = re.compile(_PLACE.pattern.removesuffix("/?") + r"/(?P<package>[^/]+)/(?P<version>[^/]+)")


class PipelineFiles:
    """Uploads and downloads."""

    def __init__(self, registry: ArtifactRegistry) -> None:
        """Keep the files in the `registry`."""
        self._registry = registry

    def answer(self, host: str, verb: str, path: str, kind: str, content: bytes) -> bytes | None:
        """Answer a request to a host of such repositories. None for other hosts.

        Args:
            host: The host.
            verb: The HTTP verb.
            path: The path.
            kind: The type of the content.
            content: The content.

        Raises:
            RefusedError: It is refused.
        """
        named = HOST.fullmatch(host)
        if named is None:
            return None
        place, file = _PLACE.fullmatch(path), _FILE.fullmatch(path)
        location = named["location"]
        if verb == "POST" and place:
            return self._upload(_name_repository(location, place), kind, content)
        if verb == "GET" and file:
            package = f"{_name_repository(location, file)}/packages/{file['package']}"
            return self._registry.download(package, file["version"])
        raise RefusedError("NOT_FOUND", f"No method has the address {verb} {host}{path}.")

    def _upload(self, repository: str, kind: str, content: bytes) -> bytes:
        form = dict(_read_form(kind, content))
        if "content" not in form:
            raise invalid("The form has no field `content`.")
        tags = [each.strip() for each in form.get("tags", b"").decode().split(",")]
        found = self._registry.upload(repository, form["content"], [each for each in tags if each])
        return "/".join(found).encode()


def parse_address(address: str) -> tuple[str, str] | None:
    """Return the package and the version, or tag, of a file's address. None for other addresses."""
    if not address.startswith("https://"):
        return None
    host, slash, path = address.removeprefix("https://").partition("/")
    named, file = HOST.fullmatch(host), _FILE.fullmatch(f"{slash}{path}")
    if named is None or file is None:
        return None
    package = f"{_name_repository(named['location'], file)}/packages/{file['package']}"
    return package, file["version"]


def _name_repository(location: str, found: re.Match[str]) -> str:
    return f"projects/{found['project']}/locations/{location}/repositories/{found['repository']}"


def _read_form(kind: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the fields of a form (`multipart/form-data`), byte for byte."""
    header = Message()
    header["Content-Type"] = kind
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise invalid(f"Invalid content type: `{kind}`. Use multipart/form-data.")
    _, *parts = (b"\r\n" + content).split(b"\r\n--" + boundary.encode())
    for part in parts[:-1]:
        head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = message_from_bytes(head).get_param("name", header="Content-Disposition")
        yield str(name), body
