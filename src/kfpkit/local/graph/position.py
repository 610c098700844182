"""Where a task is: the loops, iterations and pipelines around it, for its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kfpkit.specification import artifacts_in

# The compiler's names for the bodies of `dsl.If` and `dsl.ExitHandler`. The tasks in them have
# names of their own in the whole pipeline, so what people read leaves these out.
_GROUP = re.compile(r"(condition|condition-branches|exit-handler)-\d+")
_LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a task or a graph is.

    Args:
        path: Its name, after those of the loops, with the iteration, and pipelines around it.
        node: The same without iterations, by which all of them are one node of the pipeline.
        iteration: The numbers of the iterations that it is in, the outermost loop's first.
        items: The items of these iterations, for people.
    """

    path: tuple[str, ...] = ()
    node: tuple[str, ...] = ()
    iteration: tuple[int, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the run."""
        return "/".join(self.path)

    @property
    def facts(self) -> dict[str, Any]:
        """What the record of a task has of it."""
        return {
            "node": "/".join(self.node),
            "iteration": self.iteration,
            "item": " · ".join(self.items),
        }

    @property
    def inside(self) -> Position:
        """The position of a graph, as the tasks in it see it."""
        if self.path and _GROUP.fullmatch(self.path[-1]):
            return replace(self, path=self.path[:-1], node=self.node[:-1])
        return self

    def task(self, name: str) -> Position:
        """Return where a task of a graph here is.

        Args:
            name: The task's name in the graph.
        """
        return replace(self, path=(*self.path, name), node=(*self.node, name))

    def iterate(self, number: int, item: Any) -> Position:
        """Return where an iteration of a loop here is.

        Args:
            number: The iteration's number.
            item: Its item.
        """
        return replace(
            self,
            path=(*self.path, str(number)),
            iteration=(*self.iteration, number),
            items=(*self.items, describe_item(item)),
        )


def describe_item(item: Any) -> str:
    """Return an item of a loop for people.

    Args:
        item: A parameter's value or an artifact.
    """
    if isinstance(item, Mapping):
        text = ", ".join(f"{key}={describe_item(each)}" for key, each in item.items())
    else:
        artifacts = artifacts_in(item)
        text = str(artifacts[0].name or artifacts[0].uri if artifacts else item)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
