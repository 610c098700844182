"""The tasks of earlier runs on Kubeflow that have succeeded, found by following each run."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from kfpkit.bundle import decode
from kfpkit.errors import KfpkitError
from kfpkit.forecasts.graph import (
    Answer,
    DueTask,
    Judgement,
    forecast_tasks,
    invented_job,
)
from kfpkit.forecasts.kubeflow.inputs import TaskInputs, foresee_outputs, name_outputs
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline, read_pipelines
from kfpkit.local.tasks import KeyParts, digest
from kfpkit.specification.execution import normalise_value

Inputs: TypeAlias = frozenset[tuple[str, str]]
"""The inputs of a task, to look them up."""

_SUCCEEDED = "SUCCEEDED"


@dataclass(frozen=True, kw_only=True)
class KubeflowSuccess:
    """A task of an earlier run that has succeeded, also as a hit.

    Args:
        run: The run's name.
        pipeline: The pipeline's name.
        task: The task's name in the run.
        node: Its name in its graph.
        base: Its fingerprint without inputs.
        fingerprint: What identifies its outputs.
        given: Its inputs, and everything else in its key.
    """

    run: str
    pipeline: str
    task: str
    node: str
    base: str
    fingerprint: str
    given: TaskInputs

    @property
    def inputs(self) -> Mapping[str, str]:
        """Its inputs in a form that is equal for equal ones."""
        return self.given.described

    @property
    def volumes(self) -> tuple[str, ...]:
        """The names of its volumes."""
        return self.given.volumes

    @property
    def parts(self) -> KeyParts:
        """What is compared to explain a miss."""
        return describe_parts(self.given)


@dataclass(frozen=True, kw_only=True)
class KubeflowSuccesses:
    """The tasks of earlier runs that have succeeded, the latest first.

    Args:
        runs: The number of runs that they are from.
        count: Their number, in pipelines of the same name.
        by_base: Those by their fingerprints without inputs, and the latest for each set of inputs.
        by_name: Those by the names of tasks.
        elsewhere: Those of pipelines with other names, by their fingerprints without inputs.
    """

    runs: int = 0
    count: int = 0
    by_base: Mapping[str, Mapping[Inputs, KubeflowSuccess]] = field(default_factory=dict)
    by_name: Mapping[str, list[KubeflowSuccess]] = field(default_factory=dict)
    elsewhere: Mapping[str, list[KubeflowSuccess]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """An earlier run, which is followed as if it were to come. See `Target`.

    Args:
        run: The run's name.
        pipeline: Its pipeline.
        scope: The digest of its graphs and parameters.
        succeeded: The names of tasks that have succeeded, in each place where there is one.
        found: Gets the tasks.
        produced: Gets names for what they have produced.
    """

    run: str
    pipeline: RunPipeline
    scope: str
    succeeded: frozenset[str]
    found: list[KubeflowSuccess] = field(default_factory=list)
    produced: dict[str, str] = field(default_factory=dict)

    def look_up(self, due: DueTask) -> Judgement:
        """Record a task if it has succeeded, and return its outputs. See `Target`."""
        node = due.position.node[-1]
        is_known = node in self.succeeded and may_have_key(due, self.pipeline)
        if not is_known:
            return Judgement(answer=Answer.OPEN, outputs=foresee_outputs(due))
        inputs = TaskInputs(
            due=due, pipeline=self.pipeline, produced=self.produced, scope=self.scope
        )
        own = f"{self.run}/{due.name}"  # without the cache, each run has its own
        is_cached = due.task.caching_options.enable_cache
        fingerprint = (inputs.fingerprint or own) if is_cached else own
        self.produced.update(name_outputs(due, fingerprint))
        if is_cached:
            self.found.append(self._describe(due, inputs, fingerprint))
        outputs = foresee_outputs(due, fingerprint=fingerprint)
        return Judgement(answer=Answer.OPEN, outputs=outputs)

    def _describe(self, due: DueTask, inputs: TaskInputs, fingerprint: str) -> KubeflowSuccess:
        return KubeflowSuccess(
            run=self.run,
            pipeline=self.pipeline.name,
            task=due.name,
            node=due.position.node[-1],
            base=inputs.base,
            fingerprint=fingerprint,
            given=inputs,
        )


def read_successes(runs: Iterable[Mapping[str, Any]], pipeline: str) -> KubeflowSuccesses:
    """Read the tasks of earlier runs that have succeeded, also those of runs that failed.

    Args:
        runs: The runs as the server lists them, the latest first.
        pipeline: The name of the pipeline to forecast.
    """
    count = number = 0
    by_base: dict[str, dict[Inputs, KubeflowSuccess]] = {}
    by_name: dict[str, list[KubeflowSuccess]] = {}
    elsewhere: dict[str, list[KubeflowSuccess]] = {}
    replays = _Replays()
    for run, own in read_pipelines(runs):
        number += 1
        for success in replays.follow(run, own):
            if success.pipeline != pipeline:
                elsewhere.setdefault(success.base, []).append(success)
                continue
            count += 1
            by_base.setdefault(success.base, {}).setdefault(make_inputs(success.inputs), success)
            by_name.setdefault(success.node, []).append(success)
    return KubeflowSuccesses(
        runs=number, count=count, by_base=by_base, by_name=by_name, elsewhere=elsewhere
    )


def make_inputs(described: Mapping[str, str]) -> Inputs:
    """Return inputs to look them up.

    Args:
        described: The inputs, as `TaskInputs` describes them.
    """
    return frozenset(described.items())


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


def describe_scope(pipeline: RunPipeline, arguments: Mapping[str, Any]) -> str:
    """Return the digest of what leads from the values that tasks produce to inputs.

    Args:
        pipeline: The pipeline.
        arguments: The values of the run's parameters.
    """
    return digest([pipeline.graph, normalise_value(dict(arguments))])


def describe_parts(inputs: TaskInputs) -> KeyParts:
    """Return the parts of a key, to explain a miss.

    Args:
        inputs: The task's inputs.
    """
    due = inputs.due
    container = inputs.pipeline.find_container(due.component)
    command = list(container.command) if container else []
    payload = decode(command)
    files = {} if payload is None else payload.files
    return KeyParts(
        function=due.component.executor_label.removeprefix("exec-"),
        image=container.image if container else "",
        environment="",
        built_from={},
        files={path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
        command=digest([*command, *(container.args if container else ())]),
        inputs=inputs.described,
        custom=inputs.custom,
    )


class _Replays:
    """Follows runs. Those that differ in nothing but their names are followed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, frozenset[str]], list[KubeflowSuccess]] = {}

    def follow(self, run: Mapping[str, Any], pipeline: RunPipeline) -> list[KubeflowSuccess]:
        """Return the tasks of a run that have succeeded."""
        arguments = (run.get("runtime_config") or {}).get("parameters") or {}
        name = str(run.get("display_name") or run.get("run_id"))
        scope, succeeded = describe_scope(pipeline, arguments), _list_succeeded(run)
        key = (id(pipeline), scope, succeeded)
        if key in self._known:
            return [replace(each, run=name) for each in self._known[key]]
        replay = Replay(run=name, pipeline=pipeline, scope=scope, succeeded=succeeded)
        # What comes after a fault isn't known.
        with invented_job() as job, contextlib.suppress(KfpkitError):
            forecast_tasks(pipeline.spec, normalise(arguments), target=replay, job=job)
        self._known[key] = replay.found
        return replay.found


def normalise(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with whole numbers as such, which JSON doesn't tell from others.

    Args:
        arguments: The values of parameters.
    """
    found = normalise_value(dict(arguments))
    return found if isinstance(found, dict) else {}


def _list_succeeded(run: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of tasks of which none has another state. Groups may have equal names."""
    details = (run.get("run_details") or {}).get("task_details") or []
    states: dict[str, set[str]] = {}
    for each in details:
        states.setdefault(str(each.get("display_name")), set()).add(str(each.get("state")))
    return frozenset(name for name, own in states.items() if own == {_SUCCEEDED})
