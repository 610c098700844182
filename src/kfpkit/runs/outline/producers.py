"""Which task of a run made an input of another: nodes resolved to tasks of iterations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kfpkit.runs.record import Node, Source


class Producer(Protocol):
    """A task of a run that may have made something."""

    @property
    def name(self) -> str:
        """Its name in the run."""

    @property
    def node(self) -> str:
        """The id of its node."""

    @property
    def iteration(self) -> Sequence[int]:
        """The numbers of the iterations that it is in, the outermost loop's first."""

    @property
    def outputs(self) -> Mapping[str, object]:
        """Its outputs by name."""


class Producers:
    """Finds the tasks that made what a task took in.

    Args:
        nodes: The pipeline's nodes.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._loops = {name: self._find_loops(name) for name in self._nodes}

    def input(self, node: str, name: str) -> tuple[tuple[str, ...], str | None]:
        """Return where an input of a node comes from.

        Args:
            node: The node's id.
            name: The input's name.

        Returns:
            The outputs `NODE.OUTPUT` that it is made of, and the pipeline's parameter.
        """
        if node not in self._nodes:
            return (), None
        given = self._nodes[node].inputs.get(name)
        return ((), None) if given is None else (given.sources or (), given.parameter)

    def find(
        self, source: str, node: str, iteration: Sequence[int], tasks: Iterable[Producer]
    ) -> tuple[Source, ...]:
        """Return the outputs of tasks that an output of a node is for another task.

        Args:
            source: The output, `NODE.OUTPUT`.
            node: The id of the other task's node.
            iteration: The iterations that the other task is in.
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
        """Return the loops around a node, the outermost first."""
        found: list[str] = []
        parent = self._nodes[name].parent
        while parent is not None:
            if self._nodes[parent].kind == "loop":
                found.insert(0, parent)
            parent = self._nodes[parent].parent
        return tuple(found)
