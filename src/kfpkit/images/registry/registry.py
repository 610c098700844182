"""Queries a registry about its images through its HTTP API, and stores attachments.

The engine pushes the images themselves.
"""

from __future__ import annotations

import hashlib
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.engine import PLATFORM
from kfpkit.errors import RegistryFaultError
from kfpkit.images.registry import workers
from kfpkit.images.registry.proofs import DENIALS, Proof, Proofs, denial
from kfpkit.images.registry.references import Reference
from kfpkit.images.registry.transport import THREADS, Transport, read_document, read_excerpt

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPT = {"Accept": ", ".join((*_INDEXES, *_MANIFESTS))}


@dataclass(frozen=True, kw_only=True)
class RemoteImage:
    """The registry's description of an image.

    Args:
        digest: Its digest, `sha256:…`.
        size: The bytes that a pull transfers to an empty engine.
        labels: The image's labels.
    """

    digest: str
    size: int
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest or an index, byte for byte.

    Args:
        kind: Its media type.
        content: Its JSON.
    """

    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        """What names it."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"


class Registry:
    """Registries, with the access of one caller. Safe for threads."""

    def __init__(self, transport: Transport | None = None, *, writes: bool = False) -> None:
        """Send requests through `transport`, which this closes (default: a new one).

        `writes` requests write access from the start.
        """
        self._transport = transport or Transport()
        self._proofs = Proofs(self._transport, actions="pull,push" if writes else "pull")

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def digest(self, reference: Reference) -> str | None:
        """Fetch an image's digest. None if the registry doesn't have the tag."""
        answer = self._ask("HEAD", reference, f"manifests/{reference.tag}", _ACCEPT)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        digest = answer.headers.get("Docker-Content-Digest")
        if digest:
            return str(digest)
        found = self.find(reference)
        return found.digest if found else None

    def find(self, reference: Reference) -> RemoteImage | None:
        """Fetch the description of an image. None if the registry doesn't have the tag.

        An index without an image for kfpkit's platform has no labels, so it isn't one of kfpkit's.
        """
        answer = self._ask("GET", reference, f"manifests/{reference.tag}", _ACCEPT)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        manifest, digest = read_document(answer), _read_digest(answer)
        if manifest.get("mediaType") in _INDEXES or "manifests" in manifest:
            own = _find_platform_digest(manifest)
            if own is None:
                return RemoteImage(digest=digest, size=0, labels={})
            manifest = self._document(reference, f"manifests/{own}", _ACCEPT)
        if "config" not in manifest:
            raise _fault(reference, answer.status_code, "the response is not an image manifest")
        config = self._document(reference, f"blobs/{manifest['config']['digest']}", {})
        layers = manifest.get("layers", [])
        size = sum(layer["size"] for layer in layers) + manifest["config"]["size"]
        labels = (config.get("config") or {}).get("Labels") or {}
        return RemoteImage(digest=digest, size=size, labels=labels)

    def image(self, reference: Reference) -> RemoteImage:
        """Fetch the description of an image that the registry has."""
        found = self.find(reference)
        if found is None:
            raise _fault(reference, HTTPStatus.NOT_FOUND, "the image was deleted in the meantime")
        return found

    def manifest(self, reference: Reference) -> Manifest | None:
        """Fetch a manifest or an index unchanged. None if the registry doesn't have it."""
        answer = self._ask("GET", reference, f"manifests/{reference.tag}", _ACCEPT)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        return Manifest(kind=kind, content=answer.content)

    def referrers(self, reference: Reference) -> dict[str, Any] | None:
        """Fetch the index of the artifacts that have an image, by digest, as their subject.

        Returns:
            The index. None if the registry has none (OCI's specification before 1.1).
        """
        answer = self._ask("GET", reference, f"referrers/{reference.tag}", {"Accept": _INDEXES[0]})
        index = read_document(answer)
        return index if answer.status_code == HTTPStatus.OK and "manifests" in index else None

    def store_blob(self, reference: Reference, content: bytes) -> str:
        """Store bytes for an image, unless they exist, and return their digest."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        there = self._ask("HEAD", reference, f"blobs/{digest}", {})
        if there.status_code == HTTPStatus.NOT_FOUND:
            begun = self._write("POST", reference, "blobs/uploads/", {})
            where = urllib.parse.urljoin(begun.url, begun.headers.get("Location", ""))
            where += f"{'&' if '?' in where else '?'}digest={digest}"
            kind = {"Content-Type": "application/octet-stream"}
            self._write("PUT", reference, where, kind, content)
        return digest

    def store_manifest(self, reference: Reference, manifest: Manifest) -> None:
        """Store a manifest or an index under a tag or its digest."""
        path, kind = f"manifests/{reference.tag}", {"Content-Type": manifest.kind}
        self._write("PUT", reference, path, kind, manifest.content)

    def _write(
        self,
        method: str,
        reference: Reference,
        path: str,
        headers: Mapping[str, str],
        content: bytes = b"",
    ) -> requests.Response:
        answer = self._ask(method, reference, path, headers, content)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise _fault(reference, answer.status_code, read_excerpt(answer))
        return answer

    def _document(
        self, reference: Reference, path: str, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """Read a document that a manifest references."""
        answer = self._ask("GET", reference, path, headers)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise _fault(reference, answer.status_code, f"`{path}` of its image is missing")
        return read_document(answer)

    def _ask(
        self,
        method: str,
        reference: Reference,
        path: str,
        headers: Mapping[str, str],
        content: bytes = b"",
    ) -> requests.Response:
        """Request something that may be missing. An expired proof is replaced."""
        send = partial(self._send, method, reference, path, headers, content)
        answer, shown = send()
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._proofs.refuse(reference, shown, answer.headers.get("WWW-Authenticate", ""))
            answer, shown = send()
        if answer.status_code == HTTPStatus.UNAUTHORIZED and self._proofs.renew(reference, shown):
            answer, _ = send()
        status = answer.status_code
        if status in DENIALS:
            raise denial(reference, status)
        if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.NOT_FOUND:
            raise _fault(reference, status, read_excerpt(answer))
        return answer

    def _send(
        self,
        method: str,
        reference: Reference,
        path: str,
        headers: Mapping[str, str],
        content: bytes,
    ) -> tuple[requests.Response, Proof]:
        # An upload goes on at an address that the registry names, and that may be another's.
        url = urllib.parse.urljoin(f"{reference.api}/{reference.repository}/", path)
        is_own = urllib.parse.urlsplit(url).netloc == urllib.parse.urlsplit(reference.api).netloc
        proof = self._proofs.proof(reference) if is_own else Proof()
        sent = {**headers, **({"Authorization": proof.header} if proof.header else {})}
        host = reference.host
        answer = self._transport.request(method, url, host=host, headers=sent, data=content)
        return answer, proof


def ask_all(question: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
    """Query a registry about many items in parallel. The first error ends the queries.

    Args:
        question: The function to call with each item.
        items: The items.

    Returns:
        The results, in the order of the items.
    """
    started = workers.start([partial(question, item) for item in items], jobs=THREADS)
    try:
        return [future.result() for future in started]
    finally:
        for future in started:
            future.cancel()


def _fault(reference: Reference, status: int, text: str) -> RegistryFaultError:
    return RegistryFaultError(
        host=reference.host, repository=reference.repository, status=status, text=text
    )


def _read_digest(answer: requests.Response) -> str:
    """Return the digest that a registry reports, or compute it from the manifest."""
    named = answer.headers.get("Docker-Content-Digest")
    return str(named or f"sha256:{hashlib.sha256(answer.content).hexdigest()}")


def _find_platform_digest(index: Mapping[str, Any]) -> str | None:
    for entry in index.get("manifests", []):
        platform = entry.get("platform", {})
        if f"{platform.get('os')}/{platform.get('architecture')}" == PLATFORM:
            return str(entry["digest"])
    return None
