"""The shape of a pipeline: what its tasks, loops and conditions are, and how they depend."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from kfpkit.runs.record.part import Part


class NodeInput(Part):
    """Where an input of a node comes from.

    Args:
        sources: In the file `from`: outputs as `NODE.OUTPUT`, of the nodes that really make them.
        parameter: The pipeline's parameter.
        item: The loop whose item it is.
        value: A constant of the pipeline.
    """

    sources: tuple[str, ...] | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    parameter: str | None = None
    item: str | None = None
    value: Any = None


class Node(Part):
    """A task, loop, condition, exit handler or pipeline as the compiled pipeline has it.

    A loop's body is there once, however many iterations it has.

    Args:
        id: Its id: the names of the loops and pipelines around it, and its own, as in
            `for-loop-1/train`.
        kind: What it is.
        parent: The node that it is in; absent at the top.
        component: The component of a task, a key of the run's `components`.
        label: Its name in the pipeline; for a condition the condition.
        display: The name that its author gave it for display.
        inputs: Its inputs by name.
        after: The nodes that must end before it starts, with those whose outputs it takes.
    """

    id: str
    kind: Literal["task", "loop", "condition", "exit", "pipeline"]
    parent: str | None = None
    component: str | None = None
    label: str
    display: str | None = None
    inputs: dict[str, NodeInput] = Field(default_factory=dict)
    after: tuple[str, ...] = ()
