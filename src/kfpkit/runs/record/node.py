"""The structure of a pipeline: its tasks, loops and conditions, and their dependencies."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from kfpkit.runs.record.part import Part


class NodeInput(Part):
    """The origin of a node's input.

    Args:
        sources: In the file `from`: the outputs, as `NODE.OUTPUT`, of the nodes that produce them.
        parameter: The pipeline's parameter.
        item: The loop whose item it is.
        value: A constant in the pipeline.
    """

    sources: tuple[str, ...] | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    parameter: str | None = None
    item: str | None = None
    value: Any = None


class Node(Part):
    """A task, loop, condition, exit handler or pipeline in the compiled pipeline.

    The body of a loop occurs once, whatever the number of iterations.

    Args:
        id: Its ID: the names of the loops and pipelines around it, and its own, as in
            `for-loop-1/train`.
        kind: Its kind.
        parent: The node around it. Absent at the top level.
        component: The component of a task, a key of the run's `components`.
        label: Its name in the pipeline. For a condition, the condition.
        display: The name that its author gave it for display.
        inputs: Its inputs by name.
        after: The nodes that must end before it starts, including those whose outputs it uses.
    """

    id: str
    kind: Literal["task", "loop", "condition", "exit", "pipeline"]
    parent: str | None = None
    component: str | None = None
    label: str
    display: str | None = None
    inputs: dict[str, NodeInput] = Field(default_factory=dict)
    after: tuple[str, ...] = ()
