"""The conditions of `dsl.If`, `dsl.Elif` and `dsl.Else` as their author wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kfpkit.specification import PipelineTaskSpec

_AND = " && "


def shorten_conditions(tasks: Mapping[str, PipelineTaskSpec]) -> Mapping[str, str]:
    """Return each branch's own condition, after `else` if there are earlier branches.

    KFP writes the conditions of all earlier branches, negated, before that of a later one.

    Args:
        tasks: The tasks of a graph. Those without a condition are left out.
    """
    shortened: dict[str, str] = {}
    earlier = ""
    for name in _sort(name for name, task in tasks.items() if task.trigger_policy.condition):
        condition = tasks[name].trigger_policy.condition
        own = condition.removeprefix(f"{earlier}{_AND}") if earlier else condition
        if condition == earlier:
            shortened[name] = "else"
        elif own != condition:
            shortened[name] = f"else if {own}"
            earlier += f"{_AND}!({own})"
        else:
            shortened[name] = condition
            earlier = f"!({condition})"
    return shortened


def _sort(names: Iterable[str]) -> list[str]:
    """Sort the names of branches by their numbers, which follow the source."""
    return sorted(names, key=lambda name: (len(name), name))
