"""Sends what was planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kfpkit.errors import RequestError, UnassociatedRunError
from kfpkit.project import Project
from kfpkit.targets.kubeflow import KubeflowRequest
from kfpkit.targets.kubeflow import make_run_link as make_kubeflow_link
from kfpkit.targets.kubeflow.service import KubeflowConnection
from kfpkit.targets.kubeflow.service import create_run as create_kubeflow_run
from kfpkit.targets.labels import OWN
from kfpkit.targets.submission.connecting import AnyConnection
from kfpkit.targets.submission.planning import PlannedRun, Submission
from kfpkit.targets.template import Template
from kfpkit.targets.vertex import RunRequest, make_run_link
from kfpkit.targets.vertex.service import (
    Connection,
    associate_run,
    create_run,
    store_template,
    upload_template,
)
from kfpkit.vertex import print_message

Request = TypeVar("Request", RunRequest, KubeflowRequest)


@dataclass(frozen=True, kw_only=True)
class SubmittedRun:
    """A run that exists.

    Args:
        planned: What it was made from.
        name: The run's full name on Vertex AI, or its id on a Kubeflow server.
        state: Its state, such as `pending`.
        template: Where its compiled pipeline is stored. None on Kubeflow, where the run has it.
        is_new: Whether this submission has created it. Otherwise, the same request did it earlier.
        link: The address of its page in a browser, if there is one.
        project: The project that it was submitted from.
    """

    planned: PlannedRun
    name: str
    state: str
    template: str | None
    is_new: bool
    link: str | None
    project: Project = field(repr=False)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.planned.request.run


def send_submission(submission: Submission, connection: AnyConnection) -> Iterator[SubmittedRun]:
    """Store the compiled pipelines, then create the runs, and yield each.

    Args:
        submission: What was planned.
        connection: A connection to the target's services.

    Raises:
        RequestError: A request was refused, or not answered. Runs that were yielded exist.
    """
    if isinstance(connection, KubeflowConnection):
        yield from _send_to_kubeflow(submission, connection)
        return
    planned = take_requests(submission, RunRequest)
    stored = [store_compiled(connection, each.template, _list_tags(each)) for each, _ in planned]
    for (each, request), template in zip(planned, stored, strict=True):
        created = create_run(connection, request)
        state = str(print_message(created.job).get("state", "PIPELINE_STATE_PENDING"))
        yield SubmittedRun(
            planned=each,
            name=request.name,
            state=state.removeprefix("PIPELINE_STATE_").lower(),
            template=template,
            is_new=created.is_new,
            link=make_run_link(connection.target, request.run),
            project=submission.project,
        )


def take_requests(submission: Submission, kind: type[Request]) -> list[tuple[PlannedRun, Request]]:
    """Return the planned runs with their requests, which are of one kind.

    Args:
        submission: What was planned.
        kind: The kind of request.
    """
    return [(each, each.request) for each in submission.runs if isinstance(each.request, kind)]


def _send_to_kubeflow(
    submission: Submission, connection: KubeflowConnection
) -> Iterator[SubmittedRun]:
    for planned, request in take_requests(submission, KubeflowRequest):
        created = create_kubeflow_run(connection, request)
        name = str(created.run["run_id"])
        yield SubmittedRun(
            planned=planned,
            name=name,
            state=str(created.run.get("state") or "pending").lower(),
            template=None,
            is_new=created.is_new,
            link=make_kubeflow_link(connection.target, name),
            project=submission.project,
        )


def store_compiled(connection: Connection, template: Template, tags: Iterable[str]) -> str:
    """Store a compiled pipeline where its target keeps them, and return its address.

    Args:
        connection: A connection to the target's services.
        template: The compiled pipeline.
        tags: Its tags, if the target has a repository of templates.

    Raises:
        RequestError: The request was refused, or not answered.
    """
    target = connection.target
    if target.template_repository is None:
        return store_template(connection, target.pipeline_root, template)
    return upload_template(connection, target.template_repository, template, tags)


def associate_runs(runs: Sequence[SubmittedRun], connection: AnyConnection) -> list[RequestError]:
    """Add runs to their experiments. The runs exist, so what fails here is no reason to stop.

    Args:
        runs: The runs. Those without an experiment are left out.
        connection: A connection to the target's services.

    Returns:
        Why runs could not be added, each with the command that tries again.
    """
    if isinstance(connection, KubeflowConnection):
        return []
    found = [_associate(run, connection) for run in runs]
    return [fault for fault in found if fault is not None]


def _associate(run: SubmittedRun, connection: Connection) -> RequestError | None:
    experiment = run.planned.experiment
    if experiment is None:
        return None
    try:
        associate_run(connection, run.name, experiment)
    except UnassociatedRunError as error:
        return error
    except RequestError as error:
        target = run.planned.target.name
        return UnassociatedRunError(
            run=run.name, target=target, experiment=experiment, cause=str(error).rstrip(".")
        )
    return None


def _list_tags(planned: PlannedRun) -> list[str]:
    labels = planned.request.body["labels"]
    return [planned.target.name, *filter(None, [labels.get(f"{OWN}revision")])]
