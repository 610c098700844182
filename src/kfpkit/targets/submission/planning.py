"""What is to be submitted, after all checks and before anything is sent."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.compiler import list_images, to_yaml
from kfpkit.configuration import (
    EffectiveConfiguration,
    collect_given,
    find_configuration,
    load_parameter_model,
    resolve_configuration,
)
from kfpkit.errors import InvalidPipelineFileError, KfpkitError, SubmissionRefusedError
from kfpkit.loading import find_pipelines, load_pipeline
from kfpkit.local.record import ask_revision
from kfpkit.project import Project, find_project
from kfpkit.runs.record import Revision
from kfpkit.specification import BaseComponent, PipelineSpec, read_specification
from kfpkit.targets.identity import Origin
from kfpkit.targets.kubeflow import KubeflowRequest, build_kubeflow_request
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.reading import find_target
from kfpkit.targets.submission.images import resolve_images
from kfpkit.targets.submission.production import require_approval
from kfpkit.targets.target import Target
from kfpkit.targets.template import Template, read_template
from kfpkit.targets.vertex import RunRequest, build_request

_YAML = frozenset({".yaml", ".yml"})
_DIGITS = 12  # of a commit in a label
_GIT_SECONDS = 60.0  # a target may refuse what git does not know


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an author wants to submit.

    Args:
        pipelines: Pipeline files, folders with a `pipeline.py`, parent folders of these, or
            compiled pipelines.
        target: The target's name.
        config: A configuration file, looked up for each pipeline. By default, none.
        parameters: Values for parameters as strings, as of `--param`.
        name: The pipeline function's name, if a file defines more than one.
        run: The run's id, for one pipeline. By default, an id that no other run has.
        is_confirmed: Whether the author has confirmed a target that asks for it.
        variables: The environment variables, which may have parameters.
    """

    pipelines: tuple[Path, ...]
    target: str
    config: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    run: str | None = None
    is_confirmed: bool = False
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """A run to be created.

    Args:
        source: The pipeline's file or folder.
        target: Where it runs.
        template: The compiled pipeline.
        request: The request that creates the run.
    """

    source: Path
    target: Target
    template: Template
    request: RunRequest | KubeflowRequest


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is to be submitted.

    Args:
        target: The target.
        runs: The runs, in the order of the pipelines.
        project: The project that has the target.
    """

    target: Target
    project: Project
    runs: tuple[PlannedRun, ...]


def plan_submission(wanted: Wanted, project: Project) -> Submission:
    """Check everything that can be checked before a request, and build the requests.

    Images are resolved to digests in the project's registry. Nothing else is asked.

    Args:
        wanted: What is to be submitted.
        project: The project, which has the target.

    Raises:
        KfpkitError: There is one fault.
        SubmissionRefusedError: There are several. The error lists all of them.
    """
    target = find_target(project, wanted.target)
    asked = ask_revision(project.root, _GIT_SECONDS)
    sources = [source for path in wanted.pipelines for source in find_pipelines(path)]
    faults: list[KfpkitError] = []
    loaded = [each for source in sources for each in _load(source, wanted, target, faults)]
    revision = asked.result()
    with _collecting(faults):
        require_approval(target, revision, is_confirmed=wanted.is_confirmed)
    _refuse(faults)
    # The emulator runs tasks in virtual environments.
    pins = {} if target.kind == "emulator" else _resolve_images(loaded)
    origin = Origin(revision=_shorten(revision), user=_find_user())
    planned = []
    for each in loaded:
        with _collecting(faults):
            template = each.compile(pins)
            request = _build(each, template, target, origin, wanted.run)
            planned.append(
                PlannedRun(source=each.source, target=target, template=template, request=request)
            )
    _refuse(faults)
    return Submission(target=target, project=project, runs=tuple(planned))


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    """A pipeline with its configuration."""

    source: Path
    configuration: EffectiveConfiguration
    read: _Read
    has_kubernetes: bool

    @property
    def images(self) -> Sequence[str]:
        return self.read.images

    def compile(self, pins: Mapping[str, str]) -> Template:
        """Return the compiled pipeline with images by digest."""
        used = {image: pins[image] for image in self.images if image in pins}
        if not used:
            return self._read_template(self.read.text)
        if self.read.pipeline is not None:
            return self._read_template(to_yaml(self.read.pipeline, pins=used))
        return self._read_template(_replace_images(self.read.text, used))

    def _read_template(self, text: str) -> Template:
        return read_template(text, has_kubernetes=self.has_kubernetes)


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A pipeline, compiled with images by tag. A compiled one has no KFP object."""

    spec: PipelineSpec
    images: tuple[str, ...]
    text: str
    pipeline: BaseComponent | None = None


def _load(
    source: Path, wanted: Wanted, target: Target, faults: list[KfpkitError]
) -> Iterator[_Loaded]:
    """Yield a pipeline, or note its faults and those of its configuration."""
    with _collecting(faults):
        read = _read(source, wanted.name)
        has_kubernetes = isinstance(target, KubeflowTarget)
        read_template(read.text, has_kubernetes=has_kubernetes)  # it refuses what would not run
        file = None if wanted.config is None else find_configuration(wanted.config, source)
        given = collect_given(
            file, pipeline=source, options=wanted.parameters, variables=wanted.variables
        )
        configuration = resolve_configuration(
            given, read.spec, project=find_project(source), model=load_parameter_model(source)
        )
        yield _Loaded(
            source=source, configuration=configuration, read=read, has_kubernetes=has_kubernetes
        )


def _build(
    loaded: _Loaded, template: Template, target: Target, origin: Origin, run: str | None
) -> RunRequest | KubeflowRequest:
    configuration = loaded.configuration
    if isinstance(target, KubeflowTarget):
        return build_kubeflow_request(template, configuration, target, origin=origin, run=run)
    return build_request(template, configuration, target, origin=origin, run=run)


def _read(source: Path, name: str | None) -> _Read:
    if source.suffix in _YAML and not source.is_dir():
        found = read_specification(source, containers=True)
        try:
            return _Read(spec=found.spec, images=found.images, text=found.text.decode())
        except UnicodeDecodeError as error:
            raise InvalidPipelineFileError(file=source, cause=str(error)) from None
    pipeline = load_pipeline(source, name)
    images, text = list_images(pipeline), to_yaml(pipeline)
    return _Read(spec=pipeline.pipeline_spec, images=images, text=text, pipeline=pipeline)


def _replace_images(text: str, pins: Mapping[str, str]) -> str:
    """Replace images in a compiled pipeline, and nothing else of its text."""
    for image, pin in pins.items():
        line = rf"(?m)^(\s+image: )(['\"]?){re.escape(image)}\2$"
        text = re.sub(line, lambda found, pin=pin: f"{found[1]}{pin}", text)  # type: ignore[misc]
    return text


def _resolve_images(loaded: Sequence[_Loaded]) -> dict[str, str]:
    """Return the images of the projects by digest, with one question for each project."""
    images: dict[Project, list[str]] = {}
    for each in loaded:
        images.setdefault(find_project(each.source), []).extend(each.images)
    return {
        image: pin
        for project, found in images.items()
        for image, pin in resolve_images(project, found).items()
    }


@contextlib.contextmanager
def _collecting(faults: list[KfpkitError]) -> Iterator[None]:
    """Note an error, so that others are found too."""
    try:
        yield
    except KfpkitError as error:
        faults.append(error)


def _refuse(faults: Sequence[KfpkitError]) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise SubmissionRefusedError(faults=faults)


def _shorten(revision: Revision | None) -> str | None:
    if revision is None:
        return None
    return f"{revision.commit[:_DIGITS]}{'-dirty' if revision.dirty else ''}"


def _find_user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may run as a user without a name
        return None
