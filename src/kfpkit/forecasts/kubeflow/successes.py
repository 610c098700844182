"""The tasks of earlier runs on Kubeflow that have succeeded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kfpkit.bundle import decode
from kfpkit.forecasts.graph import InputIndex
from kfpkit.forecasts.kubeflow.inputs import UNKNOWN, RunValues, TaskInputs
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline, read_pipelines
from kfpkit.forecasts.kubeflow.replay import Replays
from kfpkit.local.tasks import KeyParts, digest
from kfpkit.specification.execution import normalise_value

Inputs: TypeAlias = frozenset[tuple[str, str]]
"""The inputs of a task, to look them up."""


@dataclass(frozen=True, kw_only=True)
class KubeflowSuccess:
    """A task of an earlier run that has succeeded, also as a hit.

    Args:
        run: The run's name.
        fingerprint: What identifies its outputs. It is equal if Kubeflow's fingerprint is, which
            has the ids and values that the server doesn't report.
        given: Everything in its key.
        described: Its inputs in a form that is equal for equal ones.
    """

    run: str
    fingerprint: str
    given: TaskInputs
    described: Mapping[str, str]

    @property
    def task(self) -> str:
        """The task's name in the run."""
        return self.given.due.name

    @property
    def inputs(self) -> Mapping[str, str]:
        """Those of its inputs that are known."""
        every = self.described.items()
        return {name: each for name, each in every if not each.startswith(UNKNOWN)}

    @property
    def volumes(self) -> tuple[str, ...]:
        """The names of its volumes."""
        return self.given.volumes

    @property
    def parts(self) -> KeyParts:
        """What is compared to explain a miss."""
        return describe_parts(self.given, self.described)


@dataclass(frozen=True, kw_only=True)
class KubeflowSuccesses:
    """The tasks of earlier runs that have succeeded, the latest first.

    Args:
        runs: The number of runs that they are from.
        count: Their number, in pipelines of the same name.
        by_base: Those by their fingerprints without inputs, and the latest for each set of inputs.
        by_name: Those by the names of tasks in their graphs.
        elsewhere: The names of other pipelines, by the fingerprints of their tasks without inputs.
    """

    runs: int
    count: int
    by_base: Mapping[str, Mapping[Inputs, KubeflowSuccess]]
    by_name: Mapping[str, list[KubeflowSuccess]]
    elsewhere: Mapping[str, list[str]]
    _indices: dict[str, InputIndex[KubeflowSuccess]] = field(default_factory=dict)

    def find(self, base: str, described: Mapping[str, str]) -> KubeflowSuccess | None:
        """Return the latest success with the same inputs.

        Args:
            base: The fingerprint without inputs.
            described: The inputs, as `TaskInputs` describes them.
        """
        return self.by_base.get(base, {}).get(frozenset(described.items()))

    def list_similar(self, base: str, known: Mapping[str, str]) -> list[KubeflowSuccess]:
        """Return the successes that may have the same inputs, the latest first.

        Args:
            base: The fingerprint without inputs.
            known: The known inputs.
        """
        if base not in self._indices:
            self._indices[base] = InputIndex(self.by_base.get(base, {}).values())
        return self._indices[base].find(known)


def read_successes(runs: Iterable[Mapping[str, Any]], pipeline: RunPipeline) -> KubeflowSuccesses:
    """Read the tasks of earlier runs that have succeeded, also those of runs that failed.

    Args:
        runs: The runs as the server lists them, the latest first.
        pipeline: The pipeline to forecast.
    """
    count = number = 0
    by_base: dict[str, dict[Inputs, KubeflowSuccess]] = {}
    by_name: dict[str, list[KubeflowSuccess]] = {}
    elsewhere: dict[str, list[str]] = {}
    reader = _Reader()
    for run, own in read_pipelines(runs, pipeline):
        number += 1
        name, is_same = own.name, own.name == pipeline.name
        for success, inputs in reader.read(run, own):
            base = success.given.base
            if not is_same:
                elsewhere.setdefault(base, []).append(name)
                continue
            count += 1
            by_base.setdefault(base, {}).setdefault(inputs, success)
            by_name.setdefault(success.given.due.position.node[-1], []).append(success)
    return KubeflowSuccesses(
        runs=number, count=count, by_base=by_base, by_name=by_name, elsewhere=elsewhere
    )


def describe_scope(pipeline: RunPipeline, arguments: Mapping[str, Any]) -> str:
    """Return the digest of what leads from the values that tasks produce to inputs.

    Args:
        pipeline: The pipeline.
        arguments: The values of the run's parameters.
    """
    return digest([pipeline.graph, normalise_value(dict(arguments))])


def describe_parts(inputs: TaskInputs, described: Mapping[str, str]) -> KeyParts:
    """Return the parts of a key, to explain a miss.

    Args:
        inputs: The task's inputs.
        described: The same, in a form that is equal for equal ones.
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
        inputs=described,
        custom=inputs.custom,
    )


def normalise(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with whole numbers as such, which JSON doesn't tell from others.

    Args:
        arguments: The values of parameters.
    """
    found = normalise_value(dict(arguments))
    return found if isinstance(found, dict) else {}


class _Reader:
    """Reads the tasks of runs, and gives those with one fingerprint the same name."""

    def __init__(self) -> None:
        self._replays = Replays()
        self._names: dict[Any, str] = {}

    def read(
        self, run: Mapping[str, Any], pipeline: RunPipeline
    ) -> Iterator[tuple[KubeflowSuccess, Inputs]]:
        """Yield the tasks of a run that have succeeded, with their inputs."""
        arguments = (run.get("runtime_config") or {}).get("parameters") or {}
        name = str(run.get("display_name") or run.get("run_id"))
        tasks, passed = self._replays.follow(run, pipeline, normalise(arguments))
        scope = describe_scope(pipeline, arguments)
        values = RunValues(scope=scope, passed=passed, produced={})
        for given in tasks:
            described = given.describe(values)
            inputs = frozenset(described.items())
            has_key = given.is_cached and UNKNOWN not in described.values()
            # Without the key, each run has its own outputs.
            key = (given.base, inputs) if has_key else object()
            fingerprint = self._names.setdefault(key, str(len(self._names)))
            values.produced.update(given.name_outputs(fingerprint))
            if given.is_cached:
                yield (
                    KubeflowSuccess(
                        run=name, fingerprint=fingerprint, given=given, described=described
                    ),
                    inputs,
                )
