"""Tasks on Vertex AI: their keys, and what the documentation doesn't say."""

from __future__ import annotations

from dataclasses import dataclass

from kfpkit.forecasts.graph import Answer, DueTask, Judgement, Reason
from kfpkit.forecasts.vertex.lookup import VertexLookup, foresee_outputs
from kfpkit.forecasts.vertex.specification import JobSpecification
from kfpkit.forecasts.vertex.successes import JobSuccesses
from kfpkit.specification import runs_anyway

_GOOGLES_OWN = "gcr.io/ml-pipeline/google-cloud-pipeline-components"


@dataclass(frozen=True, kw_only=True)
class VertexTarget:
    """Vertex AI in one project and location.

    Args:
        specification: The specification of the run.
        successes: The tasks of earlier runs.
    """

    specification: JobSpecification
    successes: JobSuccesses

    def look_up(self, due: DueTask) -> VertexLookup | Judgement:
        """Return the key of a task, or what becomes of it. See `Target`."""
        unknown = self._find_unknown(due)
        if unknown:
            return Judgement(
                answer=Answer.NOT_PREDICTED,
                reasons=(Reason(kind=unknown),),
                outputs=foresee_outputs(due, runs=False),
            )
        if not due.task.caching_options.enable_cache:
            outputs = foresee_outputs(due, runs=True)
            return Judgement(answer=Answer.MISS, reasons=(Reason(kind="off"),), outputs=outputs)
        component = due.task.component_ref.name
        return VertexLookup(
            due=due,
            base=self.specification.find_base(component),
            container=self.specification.find_container(component),
            successes=self.successes,
        )

    def _find_unknown(self, due: DueTask) -> str:
        """Return what the documentation doesn't say about a task. Empty if it says all."""
        container = self.specification.find_container(due.task.component_ref.name)
        if container is None:
            return "importer"
        if runs_anyway(due.task):
            return "exit handler"
        if due.task.caching_options.cache_key:
            return "own key"
        if due.is_in_dynamic_loop:
            return "dynamic loop"
        if container.fields["image"].string_value.startswith(_GOOGLES_OWN):
            return "google component"
        artifacts = due.component.input_definitions.artifacts.values()
        return "optional artifact" if any(each.is_optional for each in artifacts) else ""
