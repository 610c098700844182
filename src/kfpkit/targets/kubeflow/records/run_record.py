"""A run on a server in the form of the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfpkit.runs.record import RunRecord, RunState, Target
from kfpkit.targets.kubeflow.links import make_run_link
from kfpkit.targets.kubeflow.records.states import STATES
from kfpkit.targets.kubeflow.records.tasks import describe_tasks
from kfpkit.targets.kubeflow.request import REVISION, read_facts
from kfpkit.targets.kubeflow.run_message import find_error, read_time
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.run_outline import RunOutline, read_revision


def describe_run(
    run: Mapping[str, Any],
    content: Mapping[str, Any],
    outline: RunOutline,
    target: KubeflowTarget,
    *,
    name: str,
) -> RunRecord:
    """Return the record of a run.

    Args:
        run: The run, as in JSON.
        content: Its pipeline, as in JSON. Empty if the server doesn't have it any more.
        outline: What its pipeline tells.
        target: Where it runs.
        name: The run's id, as addresses have it.
    """
    started, ended = read_time(run, "created_at"), read_time(run, "finished_at")
    failure = find_error(run)
    config = run.get("runtime_config") or {}
    facts = read_facts(str(run.get("description") or ""))
    info = outline.spec.pipeline_info
    return RunRecord(
        id=name,
        pipeline=info.name,
        about=info.description or None,
        # A state that isn't known is not the end of a run.
        state=STATES.get(str(run.get("state")), RunState.RUNNING),
        started=started,
        ended=ended,
        seconds=(ended - started).total_seconds() if started and ended else None,
        failure=failure.rstrip(". ") if failure else None,
        target=Target(
            name=target.name,
            kind="kubeflow",
            link=make_run_link(target, str(run.get("run_id", ""))),
        ),
        revision=read_revision(facts.get(REVISION, "")),
        parameters=outline.describe_parameters(config.get("parameters") or {}),
        environments=outline.environments,
        components=outline.components,
        nodes=outline.nodes,
        tasks=describe_tasks(run, content, outline.nodes, outline.components),
    )
