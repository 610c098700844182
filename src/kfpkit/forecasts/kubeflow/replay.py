"""Follows earlier runs, of which the server reports which tasks have succeeded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfpkit.errors import KfpkitError
from kfpkit.forecasts.graph import Answer, DueTask, Judgement, forecast_tasks, invented_job
from kfpkit.forecasts.kubeflow.inputs import TaskInputs, describe_value, foresee_outputs
from kfpkit.forecasts.kubeflow.passages import Passage, PassedValue, trace_parameter
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline
from kfpkit.local.tasks import digest

_SUCCEEDED = "SUCCEEDED"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """An earlier run, which is followed as if it were to come. See `Target`.

    Args:
        pipeline: Its pipeline.
        succeeded: The names of tasks that have succeeded, in each place where there is one.
        found: Gets the tasks.
    """

    pipeline: RunPipeline
    succeeded: frozenset[str]
    found: list[TaskInputs] = field(default_factory=list)

    def look_up(self, due: DueTask) -> Judgement:
        """Record a task if it has succeeded, and return its outputs. See `Target`."""
        node = due.position.node[-1]
        has_ended = node in self.succeeded and may_have_key(due, self.pipeline)
        if has_ended:
            self.found.append(TaskInputs(due=due, pipeline=self.pipeline))
        return Judgement(answer=Answer.OPEN, outputs=foresee_outputs(due, has_ended=has_ended))


class Replays:
    """Follows runs. Those that differ only in values that are passed on are followed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[TaskInputs]] = {}
        self._passages: dict[tuple[int, str], Passage] = {}

    def follow(
        self, run: Mapping[str, Any], pipeline: RunPipeline, arguments: Mapping[str, Any]
    ) -> tuple[list[TaskInputs], dict[str, str]]:
        """Follow a run.

        Args:
            run: The run, as the server lists it.
            pipeline: Its pipeline.
            arguments: The values of its parameters.

        Returns:
            The tasks that have succeeded, and the parameters that are open in their inputs, as
            `describe_value` describes them.
        """
        succeeded = _list_succeeded(run)
        passed = dict(self._list_passed(pipeline, arguments))
        rest = {name: value for name, value in arguments.items() if name not in passed}
        key = (id(pipeline), succeeded, frozenset(passed), digest(rest))
        if key not in self._known:
            opened = {name: PassedValue(sources=(name,), parameter=name) for name in passed}
            self._known[key] = _follow(pipeline, succeeded, {**rest, **opened})
        return self._known[key], passed

    def _list_passed(
        self, pipeline: RunPipeline, arguments: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        for name, value in arguments.items():
            key = (id(pipeline), name)
            if key not in self._passages:
                self._passages[key] = trace_parameter(pipeline.spec, name)
            converted = self._passages[key].convert(value)
            if converted is not None:
                yield name, describe_value(converted)


def may_have_key(due: DueTask, pipeline: RunPipeline) -> bool:
    """Return whether a task's key can be computed.

    Args:
        due: The task.
        pipeline: The pipeline of its run.
    """
    if pipeline.find_container(due.component) is None:
        return False
    has_own = bool(due.task.caching_options.cache_key)
    return has_own or pipeline.list_volumes(due.component) is not None


def _follow(
    pipeline: RunPipeline, succeeded: frozenset[str], arguments: Mapping[str, Any]
) -> list[TaskInputs]:
    replay = Replay(pipeline=pipeline, succeeded=succeeded)
    # What comes after a fault isn't known.
    with invented_job() as job, contextlib.suppress(KfpkitError):
        forecast_tasks(pipeline.spec, arguments, target=replay, job=job)
    return replay.found


def _list_succeeded(run: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of tasks of which none has another state. Groups may have equal names."""
    details = (run.get("run_details") or {}).get("task_details") or []
    succeeded: set[str] = set()
    others: set[str] = set()
    for each in details:
        found = succeeded if each.get("state") == _SUCCEEDED else others
        found.add(str(each.get("display_name")))
    return frozenset(succeeded - others)
