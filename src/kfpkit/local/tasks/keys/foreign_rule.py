"""The rule of an execution cache other than this machine's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kfpkit.specification import ComponentSpec, ContainerSpec


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """What keys can be made of.

    Args:
        pipeline: The pipeline's name.
        component: The `ComponentSpec`.
        container: The task's container.
        values: Its inputs by name, with defaults. Artifacts have the names that the rule gave them.
        custom: The author's own key. Empty without one.
    """

    pipeline: str
    component: ComponentSpec
    container: ContainerSpec
    values: Mapping[str, Any]
    custom: str


class CacheRule(Protocol):
    """When a task is taken from the cache, and by what names artifacts are known there."""

    def compute_key(self, facts: KeyFacts) -> str:
        """Return a key that is equal for tasks that share their outputs.

        Args:
            facts: The task.
        """

    def name_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Give the artifacts that a task has just produced names of their own.

        Args:
            outputs: The task's parameters and artifacts, which change.
        """

    def name_import(self, outputs: Mapping[str, Any], *, again: bool) -> None:
        """Give the artifact of an importer its name.

        Args:
            outputs: The importer's artifact, which changes.
            again: Whether it is a new artifact although its address is known.
        """
