"""Compiled pipelines that are stored for a target, without a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors import (
    InvalidTagError,
    KfpkitError,
    TagsWithoutRepositoryError,
    VersionTagsError,
)
from kfpkit.loading import find_pipelines
from kfpkit.project import Project
from kfpkit.targets.kubeflow import REVISION, TARGET, make_version_link
from kfpkit.targets.kubeflow.service import KubeflowConnection, store_version
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.reading import find_target
from kfpkit.targets.submission.collecting import collecting, refuse
from kfpkit.targets.submission.compiling import ReadPipeline, read_pipeline, resolve_all_images
from kfpkit.targets.submission.connecting import AnyConnection
from kfpkit.targets.submission.production import require_approval
from kfpkit.targets.submission.revisions import ask_commit, shorten_revision
from kfpkit.targets.submission.sending import store_compiled
from kfpkit.targets.target import Target, VertexTarget
from kfpkit.targets.template import Template
from kfpkit.targets.vertex.service import make_tag

_DIGITS = 12  # of a digest in a version's name


@dataclass(frozen=True, kw_only=True)
class WantedTemplates:
    """What an author wants to store.

    Args:
        pipelines: Pipeline files, folders with a `pipeline.py`, parent folders of these, or
            compiled pipelines.
        target: The target's name.
        tags: Tags for the versions, besides the target's name and the revision.
        name: The pipeline function's name, if a file defines more than one.
        is_confirmed: Whether the author has confirmed a target that asks for it.
    """

    pipelines: tuple[Path, ...]
    target: str
    tags: tuple[str, ...] = ()
    name: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class PlannedTemplate:
    """A compiled pipeline to be stored.

    Args:
        source: The pipeline's file or folder.
        template: The compiled pipeline.
    """

    source: Path
    template: Template


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What is to be stored.

    Args:
        target: The target.
        project: The project that has the target.
        tags: The versions' tags. Empty if the target has no repository for templates.
        revision: The commit, which names versions on a Kubeflow server. None outside a repository.
        templates: The compiled pipelines, in the order of the pipelines.
    """

    target: Target
    project: Project
    tags: tuple[str, ...]
    revision: str | None
    templates: tuple[PlannedTemplate, ...]


@dataclass(frozen=True, kw_only=True)
class StoredTemplate:
    """A compiled pipeline that is stored.

    Args:
        planned: What was stored.
        address: Where, by digest, or the page of the version on a Kubeflow server.
        tags: The tags of the version, or its name.
    """

    planned: PlannedTemplate
    address: str
    tags: tuple[str, ...]


def plan_upload(wanted: WantedTemplates, project: Project) -> Upload:
    """Check and compile pipelines with their images by digest. Sends nothing to the target.

    Args:
        wanted: What is to be stored.
        project: The project, which has the target.

    Raises:
        KfpkitError: There is one fault.
        SubmissionRefusedError: There are several. The error lists all of them.
    """
    target = find_target(project, wanted.target)
    asked = ask_commit(project)
    faults: list[KfpkitError] = []
    read: list[ReadPipeline] = []
    for source in (each for path in wanted.pipelines for each in find_pipelines(path)):
        with collecting(faults):
            has_kubernetes = isinstance(target, KubeflowTarget)
            read.append(read_pipeline(source, wanted.name, has_kubernetes=has_kubernetes))
    revision = asked.result()
    with collecting(faults):
        require_approval(target, revision, is_confirmed=wanted.is_confirmed)
    with collecting(faults):
        _check_tags(target, wanted.tags)
    refuse(faults)
    pins = {} if target.kind == "emulator" else resolve_all_images(read)
    short = shorten_revision(revision)
    tags = [target.name, *filter(None, [short]), *wanted.tags] if _has_tags(target) else []
    return Upload(
        target=target,
        project=project,
        tags=tuple(dict.fromkeys(map(make_tag, tags))),
        revision=short,
        templates=tuple(
            PlannedTemplate(source=each.source, template=each.compile(pins)) for each in read
        ),
    )


def send_upload(upload: Upload, connection: AnyConnection) -> Iterator[StoredTemplate]:
    """Store compiled pipelines, and yield each.

    Args:
        upload: What was planned.
        connection: A connection to the target's services.

    Raises:
        VersionTakenError: A Kubeflow server has the version with another content.
        RequestError: A request was refused, or not answered. What was yielded is stored.
    """
    for planned in upload.templates:
        if isinstance(connection, KubeflowConnection):
            yield _store_version(upload, planned, connection)
            continue
        address = store_compiled(connection, planned.template, upload.tags)
        yield StoredTemplate(planned=planned, address=address, tags=upload.tags)


def _store_version(
    upload: Upload, planned: PlannedTemplate, connection: KubeflowConnection
) -> StoredTemplate:
    """Store a version that is named after the commit, or after its content without one."""
    template, target = planned.template, connection.target
    name = upload.revision or f"sha256-{template.digest[:_DIGITS]}"
    revision = {REVISION: upload.revision} if upload.revision else {}
    stored = store_version(connection, template, name, {**revision, TARGET: target.name})
    page = make_version_link(target, stored.pipeline, stored.version)
    address = page or f"{stored.pipeline}/{stored.version}"
    return StoredTemplate(planned=planned, address=address, tags=(name,))


def _has_tags(target: Target) -> bool:
    return isinstance(target, VertexTarget) and target.template_repository is not None


def _check_tags(target: Target, tags: tuple[str, ...]) -> None:
    if tags and isinstance(target, KubeflowTarget):
        raise VersionTagsError(target=target.name, tags=tags)
    for tag in tags:
        if not make_tag(tag):
            raise InvalidTagError(tag=tag)
    if tags and not _has_tags(target):
        raise TagsWithoutRepositoryError(target=target.name, tags=tags)
