"""A task that a forecast has come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from kfpkit.forecasts.graph.arguments import Arguments
from kfpkit.local.graph import Position
from kfpkit.specification import ComponentSpec, PipelineTaskSpec


@dataclass(frozen=True, kw_only=True)
class DueTask:
    """A task, as it would start.

    Args:
        position: Where it is in the pipeline.
        task: The `PipelineTaskSpec`.
        component: Its `ComponentSpec`.
        arguments: Its inputs.
        before: The names of the tasks that end before it starts.
        may_run: Whether it runs at all is open: it is behind a condition or in a loop that is.
        is_in_dynamic_loop: Whether it is in a loop whose items aren't constants.
    """

    position: Position
    task: PipelineTaskSpec
    component: ComponentSpec
    arguments: Arguments
    before: frozenset[str] = field(default_factory=frozenset)
    may_run: bool = False
    is_in_dynamic_loop: bool = False

    @property
    def name(self) -> str:
        """Its name in the run."""
        return self.position.name
