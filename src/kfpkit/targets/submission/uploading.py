"""Compiled pipelines that are stored for a target, without a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors import (
    InvalidTagError,
    KfpkitError,
    TagsWithoutRepositoryError,
    TemplatesNotStoredError,
)
from kfpkit.loading import find_pipelines
from kfpkit.project import Project
from kfpkit.targets.reading import find_target
from kfpkit.targets.submission.collecting import collecting, refuse
from kfpkit.targets.submission.compiling import ReadPipeline, read_pipeline, resolve_all_images
from kfpkit.targets.submission.connecting import AnyConnection
from kfpkit.targets.submission.production import require_approval
from kfpkit.targets.submission.revisions import ask_commit, shorten_revision
from kfpkit.targets.submission.sending import store_compiled
from kfpkit.targets.target import Target, VertexTarget
from kfpkit.targets.template import Template
from kfpkit.targets.vertex.service import Connection, make_tag


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
        templates: The compiled pipelines, in the order of the pipelines.
    """

    target: VertexTarget
    project: Project
    tags: tuple[str, ...]
    templates: tuple[PlannedTemplate, ...]


@dataclass(frozen=True, kw_only=True)
class StoredTemplate:
    """A compiled pipeline that is stored.

    Args:
        planned: What was stored.
        address: Where, by digest.
        tags: The tags of the version.
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
    target = _require_storage(find_target(project, wanted.target))
    asked = ask_commit(project)
    faults: list[KfpkitError] = []
    read: list[ReadPipeline] = []
    for source in (each for path in wanted.pipelines for each in find_pipelines(path)):
        with collecting(faults):
            read.append(read_pipeline(source, wanted.name))
    revision = asked.result()
    with collecting(faults):
        require_approval(target, revision, is_confirmed=wanted.is_confirmed)
    with collecting(faults):
        _check_tags(target, wanted.tags)
    refuse(faults)
    pins = {} if target.kind == "emulator" else resolve_all_images(read)
    has_tags = target.template_repository is not None
    tags = [target.name, *filter(None, [shorten_revision(revision)]), *wanted.tags]
    return Upload(
        target=target,
        project=project,
        tags=tuple(dict.fromkeys(map(make_tag, tags))) if has_tags else (),
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
        TemplatesNotStoredError: The connection is to a target of another kind.
        RequestError: A request was refused, or not answered. What was yielded is stored.
    """
    if not isinstance(connection, Connection):
        raise TemplatesNotStoredError(target=upload.target.name, kind=connection.target.kind)
    for planned in upload.templates:
        address = store_compiled(connection, planned.template, upload.tags)
        yield StoredTemplate(planned=planned, address=address, tags=upload.tags)


def _require_storage(target: Target) -> VertexTarget:
    if isinstance(target, VertexTarget):
        return target
    raise TemplatesNotStoredError(target=target.name, kind=target.kind)


def _check_tags(target: VertexTarget, tags: tuple[str, ...]) -> None:
    for tag in tags:
        if not make_tag(tag):
            raise InvalidTagError(tag=tag)
    if tags and target.template_repository is None:
        raise TagsWithoutRepositoryError(target=target.name, tags=tags)
