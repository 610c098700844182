"""Tasks on Kubeflow: their keys, and what can't be known of them."""

from __future__ import annotations

from dataclasses import dataclass

from kfpkit.forecasts.graph import Answer, DueTask, Judgement, Reason
from kfpkit.forecasts.kubeflow.inputs import RunValues, TaskInputs, foresee_outputs
from kfpkit.forecasts.kubeflow.lookup import KubeflowLookup
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline
from kfpkit.forecasts.kubeflow.replay import may_have_key
from kfpkit.forecasts.kubeflow.successes import KubeflowSuccesses


@dataclass(frozen=True, kw_only=True)
class KubeflowTarget:
    """Kubeflow Pipelines in one namespace.

    Args:
        pipeline: The pipeline of the run.
        values: The values of the run. Gets names for what tasks that are hits have produced.
        successes: The tasks of earlier runs.
    """

    pipeline: RunPipeline
    values: RunValues
    successes: KubeflowSuccesses

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
        return KubeflowLookup(
            due=due,
            inputs=TaskInputs(due=due, pipeline=self.pipeline),
            successes=self.successes,
            run=self.values,
        )
