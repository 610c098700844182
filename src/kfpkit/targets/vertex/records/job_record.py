"""A run on Vertex AI in the form of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from google.protobuf.message import Message

from kfpkit.runs.outline import describe_results
from kfpkit.runs.record import Output, RunRecord, RunState, Target, Task
from kfpkit.targets.labels import OWN
from kfpkit.targets.run_outline import read_outline, read_revision
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.console import make_run_link
from kfpkit.targets.vertex.records.places import list_log_jobs, place_tasks
from kfpkit.targets.vertex.records.tasks import JobTasks
from kfpkit.targets.watching import parse_time
from kfpkit.vertex import print_message

STATES = {
    "PIPELINE_STATE_QUEUED": RunState.WAITING,
    "PIPELINE_STATE_PENDING": RunState.WAITING,
    "PIPELINE_STATE_RUNNING": RunState.RUNNING,
    "PIPELINE_STATE_CANCELLING": RunState.RUNNING,
    "PIPELINE_STATE_SUCCEEDED": RunState.SUCCEEDED,
    "PIPELINE_STATE_FAILED": RunState.FAILED,
    "PIPELINE_STATE_CANCELLED": RunState.STOPPED,
    "PIPELINE_STATE_PAUSED": RunState.PAUSED,
}
"""The states of Vertex AI, and what the record calls them."""

_SERVICE = "vertex-ai-"  # labels that Vertex AI sets


def describe_job(
    job: Message, target: VertexTarget, *, name_environment: Callable[[str], str]
) -> RunRecord:
    """Return the record of a run.

    Args:
        job: The `PipelineJob`.
        target: Where it runs.
        name_environment: Returns the name of what an image runs in.
    """
    values = print_message(job)
    content = values.get("pipelineSpec", {})
    outline = read_outline(content, name_environment)
    spec, nodes, components = outline.spec, outline.nodes, outline.components
    config = values.get("runtimeConfig", {})
    given = {**config.get("parameters", {}), **config.get("parameterValues", {})}
    places = place_tasks(values.get("jobDetail", {}).get("taskDetails", []), content)
    tasks = JobTasks(
        target=target, nodes={node.id: node for node in nodes}, components=components
    ).describe(places)
    run = str(values["name"]).rpartition("/")[2]
    started, ended = (
        parse_time(values[key]) if key in values else None for key in ("startTime", "endTime")
    )
    failure = values.get("error", {}).get("message")
    labels = values.get("labels", {})
    return RunRecord(
        id=run,
        pipeline=spec.pipeline_info.name or str(values.get("displayName", "")),
        about=spec.pipeline_info.description or None,
        # A state that isn't known is not the end of a run.
        state=STATES.get(str(values.get("state")), RunState.RUNNING),
        started=started,
        ended=ended,
        seconds=round((ended - started).total_seconds(), 3) if started and ended else None,
        failure=str(failure).rstrip(". ") if failure else None,
        user_labels={
            key: value for key, value in labels.items() if not key.startswith((OWN, _SERVICE))
        },
        target=Target(
            name=target.name,
            kind=target.kind,
            project=target.project,
            location=target.location,
            link=make_run_link(target, run),
        ),
        revision=read_revision(labels.get(f"{OWN}revision", "")),
        parameters=outline.describe_parameters(given),
        outputs=_describe_outputs(describe_results(spec), tasks),
        environments=outline.environments,
        components=components,
        nodes=nodes,
        tasks=tasks,
    )


def find_log_jobs(job: Message, task: str) -> tuple[str, ...]:
    """Return the full names of the jobs that have a task's log, one for each attempt, in order.

    Args:
        job: The `PipelineJob`.
        task: The task's name in the record.
    """
    values = print_message(job)
    details = values.get("jobDetail", {}).get("taskDetails", [])
    places = place_tasks(details, values.get("pipelineSpec", {}))
    found = [list_log_jobs(place.detail) for place in places if place.name == task]
    return found[0] if found else ()


def _describe_outputs(
    results: Mapping[str, Sequence[str]], tasks: Sequence[Task]
) -> dict[str, Output]:
    """Return the pipeline's outputs, as far as one task alone produced each."""
    found: dict[str, Output] = {}
    for name, sources in results.items():
        pairs = [(node, key) for node, _, key in (source.rpartition(".") for source in sources)]
        made = [
            task.outputs[key]
            for node, key in pairs
            for task in tasks
            if task.node == node and key in task.outputs
        ]
        if len(made) == 1:
            found[name] = made[0]
    return found
