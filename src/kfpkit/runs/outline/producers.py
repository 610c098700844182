"""The tasks of a run that produced an input of another: nodes, resolved to iterations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kfpkit.runs.record import Node, Source


class Producer(Protocol):
    """A task of a run that may have produced an input."""

    @property
    def name(self) -> str:
        """Its name in the run."""

    @property
    def node(self) -> str:
        """The ID of its node."""

    @property
    def iteration(self) -> Sequence[int]:
        """The numbers of the iterations around it, from the outermost loop inward."""

    @property
    def outputs(self) -> Mapping[str, object]:
        """Its outputs by name."""


class Producers:
    """Finds the tasks that produced the inputs of a task.

    Args:
        nodes: The pipeline's nodes.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._loops = {name: self._find_loops(name) for name in self._nodes}

    def input(self, node: str, name: str) -> tuple[tuple[str, ...], str | None]:
        """Return the origin of a node's input.

        Args:
            node: The node's ID.
            name: The input's name.

        Returns:
            The outputs `NODE.OUTPUT` that it consists of, and the pipeline's parameter.
        """
        if node not in self._nodes:
            return (), None
        given = self._nodes[node].inputs.get(name)
        return ((), None) if given is None else (given.sources or (), given.parameter)

    def find(
        self, source: str, node: str, iteration: Sequence[int], tasks: Iterable[Producer]
    ) -> tuple[Source, ...]:
        """Return the tasks' outputs that an output of a node means for another task.

        Args:
            source: The output, `NODE.OUTPUT`.
            node: The ID of the other task's node.
            iteration: The iterations around the other task.
            tasks: The tasks of the source's node.
        """
        maker, _, output = source.rpartition(".")
        pairs = zip(self._loops.get(maker, ()), self._loops.get(node, ()), strict=False)
        shared = 0
        for ours, theirs in pairs:
            if ours != theirs:
                break
            shared += 1
        return tuple(
            Source(task=task.name, output=output)
            for task in tasks
            if tuple(task.iteration[:shared]) == tuple(iteration[:shared])
            and output in task.outputs
        )

    def _find_loops(self, name: str) -> tuple[str, ...]:
        """Return the loops around a node, from the outermost inward."""
        found: list[str] = []
        parent = self._nodes[name].parent
        while parent is not None:
            if self._nodes[parent].kind == "loop":
                found.insert(0, parent)
            parent = self._nodes[parent].parent
        return tuple(found)
