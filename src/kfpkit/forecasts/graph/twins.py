"""Tasks of one run that have, or may have, the same key: the second may be a hit of the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kfpkit.forecasts.graph.due_task import DueTask
from kfpkit.forecasts.graph.fingerprint import Fingerprint, Likeness


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A task that runs, and whose outputs the cache then has.

    Args:
        due: The task.
        fingerprint: Its key.
        outputs: Its outputs.
    """

    due: DueTask
    fingerprint: Fingerprint
    outputs: Mapping[str, Any]

    def serves(self, due: DueTask, fingerprint: Fingerprint) -> bool:
        """Return whether a later task is certainly a hit of it.

        Args:
            due: The later task.
            fingerprint: Its key.
        """
        is_same = self.fingerprint.compare(fingerprint) is Likeness.SAME
        return is_same and not self.due.may_run and self.due.name in due.before


@dataclass(frozen=True)
class Twins:
    """The tasks so far that run, by the base of their keys."""

    _with_open: dict[str, list[Twin]] = field(default_factory=dict)
    _known: dict[tuple[str, frozenset[tuple[str, str]]], list[Twin]] = field(default_factory=dict)
    _every: dict[str, list[Twin]] = field(default_factory=dict)

    def add(self, twin: Twin) -> None:
        """Add a task that runs, or may run.

        Args:
            twin: The task.
        """
        found = twin.fingerprint
        self._every.setdefault(found.base, []).append(twin)
        if found.open:
            self._with_open.setdefault(found.base, []).append(twin)
        else:
            key = (found.base, frozenset(found.inputs.items()))
            self._known.setdefault(key, []).append(twin)

    def list(self, fingerprint: Fingerprint) -> list[Twin]:
        """Return the tasks so far that may have the same key.

        Args:
            fingerprint: The key.
        """
        base = fingerprint.base
        if fingerprint.open:
            candidates = self._every.get(base, [])
        else:
            key = (base, frozenset(fingerprint.inputs.items()))
            candidates = [*self._known.get(key, []), *self._with_open.get(base, [])]
        return [
            each
            for each in candidates
            if each.fingerprint.compare(fingerprint) is not Likeness.NONE
        ]
