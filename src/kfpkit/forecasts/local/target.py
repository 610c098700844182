"""Tasks on this machine: their keys, and the earlier successes in the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kfpkit.forecasts.graph import Answer, DueTask, InputIndex, Judgement, Reason
from kfpkit.forecasts.local.lookup import LocalLookup, foresee_outputs
from kfpkit.local.tasks import (
    Invocation,
    KeyMaker,
    OwnNames,
    Success,
    Successes,
    TaskCache,
    may_be_cached,
)
from kfpkit.specification import ExecutorSpec
from kfpkit.specification.execution import Job

_IMPORTER = "importer"


@dataclass(frozen=True, kw_only=True)
class LocalTarget:
    """This machine.

    Args:
        keys: Makes the keys of tasks, as a run does.
        executors: The pipeline's executors by label.
        job: A run that doesn't exist.
        pipeline: The pipeline's name.
        cache: The execution cache. None if caching is off.
        successes: The inputs of what is in the cache.
        indices: These by base, as far as they have been read.
    """

    keys: KeyMaker
    executors: Mapping[str, ExecutorSpec]
    job: Job
    pipeline: str
    cache: TaskCache | None
    successes: Successes
    indices: dict[str, InputIndex[Success]] = field(default_factory=dict)

    def look_up(self, due: DueTask) -> LocalLookup | Judgement:
        """Return the key of a task, or what becomes of it. See `Target`."""
        executor = self.executors[due.component.executor_label]
        invocation = self._invoke(due)
        if executor.WhichOneof("spec") == _IMPORTER:
            return _import(due, invocation, executor)
        if self.cache is None or not may_be_cached(due.task):
            return Judgement(
                answer=Answer.MISS,
                reasons=(Reason(kind="off"),),
                outputs=foresee_outputs(due, runs=True),
            )
        return LocalLookup(
            due=due,
            key=self.keys.make(due.task, executor.container, invocation, due.arguments.open),
            before=self.cache.read_parts(self.pipeline, due.name),
            cache=self.cache,
            successes=self.successes,
            indices=self.indices,
        )

    def _invoke(self, due: DueTask) -> Invocation:
        return Invocation(
            component=due.component,
            arguments=due.arguments.known,
            path=due.position.path,
            job=self.job,
            root=self.job.root / due.name,
        )


def _import(due: DueTask, invocation: Invocation, executor: ExecutorSpec) -> Judgement:
    """Foresee an importer, which makes its artifact in each run, without a process."""
    importer = executor.importer
    outputs: Mapping[str, Any]
    if due.arguments.open or importer.reimport:
        outputs = foresee_outputs(due, runs=importer.reimport)
    else:
        outputs = invocation.imported(importer)
        names = OwnNames(run="", task=due.name, artifacts=invocation.root)
        names.name_import(outputs, again=False)
    reasons = (Reason(kind=_IMPORTER),)
    return Judgement(answer=Answer.NOT_PREDICTED, reasons=reasons, outputs=outputs)
