"""Hyperparameters: their names, checked before training, because some libraries accept any name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names that an estimator knows.

    Args:
        known: The names that its constructor takes.
        aliases: Other names of the same, by alias.
        decided: Names that are inputs of `train_model` or follow from them, with how.
    """

    known: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)


def check_names(estimator: str, given: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Check the names of hyperparameters.

    Args:
        estimator: The estimator, for messages.
        given: The hyperparameters.
        names: The names that the estimator knows.

    Returns:
        The hyperparameters by the names that the constructor takes.

    Raises:
        ValueError: A name is unknown, is given twice by an alias, or isn't free.
    """
    checked: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, value in given.items():
        target = names.aliases.get(name, name)
        decided = names.decided.get(name, names.decided.get(target))
        if decided:
            raise ValueError(
                f"The hyperparameter `{name}` of `{estimator}` is not free: {decided}. Remove it "
                "from `hyperparameters`."
            )
        if target not in names.known:
            raise ValueError(_describe_unknown(estimator, name, names))
        if target in origins:
            raise ValueError(
                f"The hyperparameters `{origins[target]}` and `{name}` of `{estimator}` are the "
                "same. Give one of them."
            )
        origins[target] = name
        checked[target] = value
    return checked


def _describe_unknown(estimator: str, name: str, names: Names) -> str:
    candidates = sorted({*names.known, *names.aliases} - set(names.decided))
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.5)
    if close:
        suggestion = f"Did you mean `{close[0]}`?"
    else:
        shown = ", ".join(f"`{each}`" for each in sorted(names.known - set(names.decided))[:40])
        suggestion = f"Choose one of {shown}."
    return f"`{estimator}` has no hyperparameter `{name}`. {suggestion}"
