"""What is to be submitted, after all checks and before anything is sent."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.configuration import (
    EffectiveConfiguration,
    collect_given,
    find_configuration,
    load_parameter_model,
    resolve_configuration,
)
from kfpkit.errors import KfpkitError
from kfpkit.loading import find_pipelines
from kfpkit.project import Project, find_project
from kfpkit.targets.identity import Origin
from kfpkit.targets.kubeflow import KubeflowRequest, build_kubeflow_request
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.reading import find_target
from kfpkit.targets.submission.collecting import collecting, refuse
from kfpkit.targets.submission.compiling import ReadPipeline, read_pipeline, resolve_all_images
from kfpkit.targets.submission.production import require_approval
from kfpkit.targets.submission.revisions import ask_commit, shorten_revision
from kfpkit.targets.target import Target
from kfpkit.targets.template import Template
from kfpkit.targets.vertex import RunRequest, build_request


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
        experiment: The experiment of Vertex AI that the runs are added to. By default, the
            target's.
        is_confirmed: Whether the author has confirmed a target that asks for it.
        variables: The environment variables, which may have parameters.
    """

    pipelines: tuple[Path, ...]
    target: str
    config: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None
    run: str | None = None
    experiment: str | None = None
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
        experiment: The experiment of Vertex AI that the run is added to.
    """

    source: Path
    target: Target
    template: Template
    request: RunRequest | KubeflowRequest
    experiment: str | None = None


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
    asked = ask_commit(project)
    sources = [source for path in wanted.pipelines for source in find_pipelines(path)]
    faults: list[KfpkitError] = []
    loaded = [each for source in sources for each in _load(source, wanted, target, faults)]
    revision = asked.result()
    with collecting(faults):
        require_approval(target, revision, is_confirmed=wanted.is_confirmed)
    refuse(faults)
    # The emulator runs tasks in virtual environments.
    pins = {} if target.kind == "emulator" else resolve_all_images([each.read for each in loaded])
    origin = Origin(revision=shorten_revision(revision), user=_find_user())
    planned = []
    for each in loaded:
        with collecting(faults):
            template = each.read.compile(pins)
            request = _build(each, template, target, origin, wanted.run)
            planned.append(
                PlannedRun(
                    source=each.read.source,
                    target=target,
                    template=template,
                    request=request,
                    experiment=_choose_experiment(wanted, target),
                )
            )
    refuse(faults)
    return Submission(target=target, project=project, runs=tuple(planned))


@dataclass(frozen=True, kw_only=True)
class _Loaded:
    """A pipeline with its configuration."""

    read: ReadPipeline
    configuration: EffectiveConfiguration


def _load(
    source: Path, wanted: Wanted, target: Target, faults: list[KfpkitError]
) -> Iterator[_Loaded]:
    """Yield a pipeline, or note its faults and those of its configuration."""
    with collecting(faults):
        has_kubernetes = isinstance(target, KubeflowTarget)
        read = read_pipeline(source, wanted.name, has_kubernetes=has_kubernetes)
        file = None if wanted.config is None else find_configuration(wanted.config, source)
        given = collect_given(
            file, pipeline=source, options=wanted.parameters, variables=wanted.variables
        )
        configuration = resolve_configuration(
            given, read.spec, project=find_project(source), model=load_parameter_model(source)
        )
        yield _Loaded(read=read, configuration=configuration)


def _build(
    loaded: _Loaded, template: Template, target: Target, origin: Origin, run: str | None
) -> RunRequest | KubeflowRequest:
    configuration = loaded.configuration
    if isinstance(target, KubeflowTarget):
        return build_kubeflow_request(template, configuration, target, origin=origin, run=run)
    return build_request(template, configuration, target, origin=origin, run=run)


def _choose_experiment(wanted: Wanted, target: Target) -> str | None:
    """Return Vertex AI's experiment of a run. Kubeflow's is part of the request."""
    if isinstance(target, KubeflowTarget):
        return None
    return wanted.experiment or target.experiment


def _find_user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container may run as a user without a name
        return None
