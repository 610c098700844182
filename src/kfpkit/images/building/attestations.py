"""Attaches facts to an image in its registry: its contents, and what it was built from."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from kfpkit.engine import PLATFORM
from kfpkit.environments import Environment, find_environment
from kfpkit.environments.audit import make_sbom
from kfpkit.images.building.image import Image
from kfpkit.images.labels import BASE_DIGEST_LABEL, BASE_NAME_LABEL, REVISION_LABEL
from kfpkit.images.registry import (
    Attachment,
    Reference,
    Registry,
    attach,
    fetch_attached_kinds,
    parse,
)
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.scratch import temporary_folder

BILL = "application/vnd.cyclonedx+json"
PROVENANCE = "application/vnd.in-toto+json"
_BUILD = "KFPKIT_BUILD"  # names what builds, such as the address of a build of Cloud Build


def attest(project: Project, images: Sequence[Image], *, report: Listener = ignore) -> None:
    """Attach a bill of materials to images without one, and provenance to images just pushed.

    Args:
        project: The project.
        images: Images in its registry.
        report: Called with a line at each step that takes time.

    Raises:
        EnvironmentsError: A bill of materials can't be created.
        RegistryError: The registry can't be queried, or denies write access.
    """
    with contextlib.closing(Registry(writes=True)) as registry:
        for image in images:
            environment = find_environment(project, image.name)
            reference = parse(f"{parse(image.reference).name}@{image.digest}")
            if BILL not in fetch_attached_kinds(registry, reference):
                report(f"{image.name}: attaching its bill of materials")
                attach(registry, reference, _make_bill(environment, report))
            if image.pushed:
                labels = registry.image(reference).labels
                attach(registry, reference, _make_provenance(environment, reference, labels))


def _make_bill(environment: Environment, report: Listener) -> Attachment:
    with temporary_folder("sbom") as folder:
        file = make_sbom(environment, folder, report=report)
        return Attachment(kind=BILL, title=file.name, content=file.read_bytes())


def _make_provenance(
    environment: Environment, image: Reference, labels: Mapping[str, str]
) -> Attachment:
    """Create an in-toto statement with SLSA provenance from the labels of the image."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": image.name, "digest": _digest(image.tag)}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:kfpkit:image:1",
                "externalParameters": {
                    "environment": environment.name,
                    "contentHash": environment.content.hash,
                    "platform": PLATFORM,
                },
                "resolvedDependencies": _dependencies(environment, labels),
            },
            "runDetails": {
                "builder": {
                    "id": "urn:kfpkit:env-build",
                    "version": {"kfpkit": importlib.metadata.version("kfpkit")},
                },
                "metadata": {"invocationId": os.environ.get(_BUILD, "")},
            },
        },
    }
    content = json.dumps(statement, indent=1).encode()
    return Attachment(kind=PROVENANCE, title=f"{environment.name}.intoto.json", content=content)


def _dependencies(environment: Environment, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    base: dict[str, Any] = {"name": "base image", "uri": labels.get(BASE_NAME_LABEL, "")}
    if digest := labels.get(BASE_DIGEST_LABEL):
        base["digest"] = _digest(digest)
    found = [base, {"name": "poetry.lock", "digest": {"sha256": environment.lock.digest}}]
    commit, _, dirty = labels.get(REVISION_LABEL, "").partition("-")
    # What was not committed is in no commit.
    return (
        [*found, {"name": "commit", "digest": {"gitCommit": commit}}]
        if commit and not dirty
        else found
    )


def _digest(digest: str) -> dict[str, str]:
    algorithm, _, value = digest.partition(":")
    return {algorithm: value}
