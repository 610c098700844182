"""Attachments of an image in its registry: OCI artifacts with the image as their subject.

    image by digest ◀──subject── manifest of an artifact ──▶ its bytes, such as a bill of materials

A registry that implements version 1.1 of OCI's specification lists the attachments of an image
itself. For others, a tag made from the image's digest names an index of them. Scanners read both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kfpkit.errors import RegistryFaultError
from kfpkit.images.registry.references import Reference
from kfpkit.images.registry.registry import Manifest, Registry

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"
_EMPTY = b"{}"
_EMPTY_KIND = "application/vnd.oci.empty.v1+json"
_TITLE = "org.opencontainers.image.title"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file to attach to an image.

    Args:
        kind: Its media type, which identifies it.
        title: Its file name.
        content: Its bytes. The same bytes are attached to an image only once.
    """

    kind: str
    title: str
    content: bytes


def attach(registry: Registry, image: Reference, attachment: Attachment) -> str:
    """Attach a file to an image.

    Args:
        registry: The client of registries, with write access.
        image: The image, by its digest.
        attachment: The file.

    Returns:
        The digest of the attachment.

    Raises:
        RegistryError: The registry doesn't have the image, or denies write access.
    """
    manifest = _make_manifest(registry, image, attachment)
    stored = replace(image, tag=manifest.digest)
    if registry.manifest(stored) is None:
        registry.store_blob(image, _EMPTY)
        registry.store_blob(image, attachment.content)
        registry.store_manifest(stored, manifest)
    if registry.referrers(image) is None:
        _add_to_index(registry, image, manifest, attachment.kind)
    return manifest.digest


def fetch_attached_kinds(registry: Registry, image: Reference) -> frozenset[str]:
    """Return the media types of the attachments of an image, given by digest."""
    index = registry.referrers(image)
    listed = _fetch_tagged(registry, image) if index is None else index["manifests"]
    return frozenset(str(entry.get("artifactType")) for entry in listed)


def _make_manifest(registry: Registry, image: Reference, attachment: Attachment) -> Manifest:
    subject = registry.manifest(image)
    if subject is None:
        raise RegistryFaultError(
            host=image.host,
            repository=image.repository,
            status=404,
            text=f"it does not have the image {image.tag} to attach files to",
        )
    layer = _descriptor(attachment.kind, attachment.content)
    written = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": attachment.kind,
        "config": _descriptor(_EMPTY_KIND, _EMPTY),
        "layers": [layer | {"annotations": {_TITLE: attachment.title}}],
        "subject": _descriptor(subject.kind, subject.content) | {"digest": image.tag},
    }
    return _written(_MANIFEST, written)


def _add_to_index(registry: Registry, image: Reference, manifest: Manifest, kind: str) -> None:
    """Add an artifact to the index behind the tag, if the registry itself has none."""
    listed = _fetch_tagged(registry, image)
    if all(entry["digest"] != manifest.digest for entry in listed):
        entry = _descriptor(manifest.kind, manifest.content) | {"artifactType": kind}
        written = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [*listed, entry]}
        registry.store_manifest(_tag(image), _written(_INDEX, written))


def _fetch_tagged(registry: Registry, image: Reference) -> list[dict[str, Any]]:
    found = registry.manifest(_tag(image))
    return list(json.loads(found.content).get("manifests", [])) if found else []


def _tag(image: Reference) -> Reference:
    return replace(image, tag=image.tag.replace(":", "-"))


def _descriptor(kind: str, content: bytes) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"mediaType": kind, "digest": digest, "size": len(content)}


def _written(kind: str, document: Mapping[str, Any]) -> Manifest:
    return Manifest(kind=kind, content=json.dumps(document, indent=1).encode())
