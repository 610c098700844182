"""The tasks of earlier runs that succeeded, from their `PipelineJob` messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf import json_format

from kfpkit.forecasts.graph import InputIndex
from kfpkit.forecasts.vertex.key import describe_artifacts, describe_input
from kfpkit.forecasts.vertex.specification import JobSpecification, JobTask
from kfpkit.specification import make_artifact

_SUCCEEDED, _SKIPPED = 3, 8  # of PipelineTaskDetail.State
_CACHED = 5  # of Execution.State: a hit


@dataclass(frozen=True)
class JobSuccess:
    """A task of an earlier run that succeeded, or was a hit.

    Args:
        job: The run's full name.
        pipeline: The pipeline's name.
        task: The task in the specification.
        specification: The run's specification.
        detail: The task's `PipelineTaskDetail`.
    """

    job: str
    pipeline: str
    task: JobTask
    specification: JobSpecification
    detail: Any

    @property
    def base(self) -> str:
        """The digest of its component."""
        return self.specification.find_base(self.task.component)

    def read_input(self, name: str) -> str | None:
        """Return an input as `describe_input` does. None if the service didn't tell it.

        Args:
            name: The input's name.
        """
        if name in self.detail.inputs:
            artifacts = self.detail.inputs[name].artifacts
            return describe_artifacts([artifact.name for artifact in artifacts])
        value = self._read_value(f"input:{name}")
        return None if value is None else describe_input(value[0])

    @cached_property
    def inputs(self) -> dict[str, str]:
        """The declared inputs that the service told, by name."""
        parameters, artifacts = self.specification.list_inputs(self.task.component)
        found = ((name, self.read_input(name)) for name in (*parameters, *artifacts))
        return {name: value for name, value in found if value is not None}

    def list_outputs(self) -> Iterator[tuple[str, Any]]:
        """Yield the outputs that the service told, by name."""
        for name, value in self.detail.outputs.items():
            artifacts = [_restore(artifact) for artifact in value.artifacts]
            if artifacts:
                yield name, artifacts[0] if len(artifacts) == 1 else artifacts
        for key in self.detail.execution.metadata.fields:
            if key.startswith("output:"):
                value = self._read_value(key)
                if value is not None:
                    yield key.removeprefix("output:"), value[0]

    def _read_value(self, key: str) -> tuple[Any] | None:
        value = self.detail.execution.metadata.fields.get(key)
        if value is None:
            return None
        kind = value.WhichOneof("kind")
        is_plain = kind in {"string_value", "number_value", "bool_value"}
        return (getattr(value, kind) if is_plain else json_format.MessageToDict(value),)


@dataclass(frozen=True, kw_only=True)
class JobSuccesses:
    """The tasks of earlier runs that succeeded, the latest first.

    Args:
        runs: The number of runs that they are from.
        count: Their number, in pipelines of the same name.
        by_base: Those by the digests of their components.
        by_name: Those by the names of tasks.
        elsewhere: Those of pipelines with other names, by the digests of their components.
    """

    runs: int
    count: int
    by_base: Mapping[str, list[JobSuccess]]
    by_name: Mapping[str, list[JobSuccess]]
    elsewhere: Mapping[str, list[JobSuccess]]
    _indices: dict[str, InputIndex[JobSuccess]] = field(default_factory=dict)

    def find(self, base: str, known: Mapping[str, str]) -> list[JobSuccess]:
        """Return the successes that may have the same component and inputs, the latest first.

        Args:
            base: The digest of the component.
            known: The known inputs, as `describe_inputs` returns them.
        """
        if base not in self._indices:
            self._indices[base] = InputIndex(self.by_base.get(base, ()))
        return self._indices[base].find(known)


def read_successes(jobs: Iterable[Any], pipeline: str) -> JobSuccesses:
    """Read the tasks of earlier runs that succeeded, also those of runs that failed.

    Args:
        jobs: The `PipelineJob` messages.
        pipeline: The name of the pipeline to forecast.
    """
    every = sorted(jobs, key=_get_time, reverse=True)
    specifications: list[JobSpecification] = []
    by_base: dict[str, list[JobSuccess]] = {}
    by_name: dict[str, list[JobSuccess]] = {}
    elsewhere: dict[str, list[JobSuccess]] = {}
    count = 0
    for job in every:
        for success in _list_successes(job, specifications):
            if success.pipeline != pipeline:
                elsewhere.setdefault(success.base, []).append(success)
                continue
            count += 1
            by_base.setdefault(success.base, []).append(success)
            by_name.setdefault(success.task.name, []).append(success)
    return JobSuccesses(
        runs=len(every), count=count, by_base=by_base, by_name=by_name, elsewhere=elsewhere
    )


def _list_successes(job: Any, specifications: list[JobSpecification]) -> Iterator[JobSuccess]:
    specification = _find_specification(job.pipeline_spec, specifications)
    details = job.job_detail.task_details
    names = {detail.task_id: detail for detail in details}
    for detail in details:
        is_hit = detail.state == _SKIPPED and detail.execution.state == _CACHED
        if detail.state != _SUCCEEDED and not is_hit:
            continue
        for task in _find_tasks(detail, names, specification):
            if specification.find_container(task.component) is not None:
                yield JobSuccess(job.name, specification.pipeline, task, specification, detail)


def _find_specification(struct: Any, known: list[JobSpecification]) -> JobSpecification:
    """Return a specification. Most runs of a pipeline have that of the run before."""
    for each in reversed(known):
        if each.struct == struct:
            return each
    known.append(JobSpecification(struct))
    return known[-1]


def _find_tasks(
    detail: Any, details: Mapping[int, Any], specification: JobSpecification
) -> list[JobTask]:
    """Return the task of the specification that a detail is about, by the tasks around it."""
    found = specification.find_tasks(detail.task_name)
    parent = detail
    while len(found) > 1 and parent.parent_task_id in details:
        parent = details[parent.parent_task_id]
        graphs = {each.component for each in specification.find_tasks(parent.task_name)}
        found = [each for each in found if each.graph in graphs] or found
    return found


def _restore(artifact: Any) -> Any:
    return make_artifact(
        {
            "name": artifact.name,
            "uri": artifact.uri,
            "metadata": json_format.MessageToDict(artifact.metadata),
            "type": {"schemaTitle": artifact.schema_title},
        }
    )


def _get_time(job: Any) -> tuple[int, int]:
    return job.create_time.seconds, job.create_time.nanos
