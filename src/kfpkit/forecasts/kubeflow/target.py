"""Tasks on Kubeflow: their keys, and what can't be known of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from kfpkit.forecasts.graph import Answer, DueTask, Judgement, Reason
from kfpkit.forecasts.kubeflow.inputs import TaskInputs, foresee_outputs
from kfpkit.forecasts.kubeflow.lookup import KubeflowLookup
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline
from kfpkit.forecasts.kubeflow.successes import KubeflowSuccesses, may_have_key


@dataclass(frozen=True, kw_only=True)
class KubeflowTarget:
    """Kubeflow Pipelines in one namespace.

    Args:
        pipeline: The pipeline of the run.
        scope: The digest of its graphs and parameters.
        successes: The tasks of earlier runs.
        produced: Names for what tasks that are hits have produced.
    """

    pipeline: RunPipeline
    scope: str
    successes: KubeflowSuccesses
    produced: dict[str, str] = field(default_factory=dict)

    def look_up(self, due: DueTask) -> KubeflowLookup | Judgement:
        """Return the key of a task, or what becomes of it. See `Target`."""
        if not may_have_key(due, self.pipeline):
            is_container = self.pipeline.find_container(due.component) is not None
            return Judgement(
                answer=Answer.NOT_PREDICTED,
                reasons=(Reason(kind="volume" if is_container else "importer"),),
                outputs=foresee_outputs(due),
            )
        if not due.task.caching_options.enable_cache:
            outputs = foresee_outputs(due, runs=True)
            return Judgement(answer=Answer.MISS, reasons=(Reason(kind="off"),), outputs=outputs)
        inputs = TaskInputs(
            due=due, pipeline=self.pipeline, produced=self.produced, scope=self.scope
        )
        return KubeflowLookup(
            due=due,
            inputs=inputs,
            successes=self.successes,
            produced=self.produced,
        )
