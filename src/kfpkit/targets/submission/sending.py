"""Sends what was planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kfpkit.project import Project
from kfpkit.targets.labels import OWN
from kfpkit.targets.submission.planning import PlannedRun, Submission
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.service import Connection, create_run, store_template, upload_template
from kfpkit.vertex import print_message

_CONSOLE = "https://console.cloud.google.com/vertex-ai/locations"


@dataclass(frozen=True, kw_only=True)
class SubmittedRun:
    """A run that exists.

    Args:
        planned: What it was made from.
        state: Its state, such as `pending`.
        template: Where its compiled pipeline is stored.
        is_new: Whether this submission has created it. Otherwise, the same request did it earlier.
        link: The address of its page in Google Cloud's console. None on the emulator.
        project: The project that it was submitted from.
    """

    planned: PlannedRun
    state: str
    template: str
    is_new: bool
    link: str | None
    project: Project = field(repr=False)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.planned.request.run

    @property
    def name(self) -> str:
        """The run's full name."""
        return self.planned.request.name


def send_submission(submission: Submission, connection: Connection) -> Iterator[SubmittedRun]:
    """Store the compiled pipelines, then create the runs, and yield each.

    Args:
        submission: What was planned.
        connection: A connection to the target's services.

    Raises:
        RequestError: A request was refused, or not answered. Runs that were yielded exist.
    """
    target = submission.target
    stored = [_store(each, connection) for each in submission.runs]
    for planned, template in zip(submission.runs, stored, strict=True):
        created = create_run(connection, planned.request)
        state = str(print_message(created.job).get("state", "PIPELINE_STATE_PENDING"))
        yield SubmittedRun(
            planned=planned,
            state=state.removeprefix("PIPELINE_STATE_").lower(),
            template=template,
            is_new=created.is_new,
            link=_make_link(target, planned.request.run),
            project=submission.project,
        )


def _store(planned: PlannedRun, connection: Connection) -> str:
    """Store a compiled pipeline, and return its address."""
    target, template = planned.target, planned.template
    if target.template_repository is None:
        return store_template(connection, target.pipeline_root, template)
    labels = planned.request.body["labels"]
    tags = [target.name, *filter(None, [labels.get(f"{OWN}revision")])]
    return upload_template(connection, target.template_repository, template, tags)


def _make_link(target: VertexTarget, run: str) -> str | None:
    if target.kind == "emulator":
        return None
    return f"{_CONSOLE}/{target.location}/pipelines/runs/{run}?project={target.project}"
