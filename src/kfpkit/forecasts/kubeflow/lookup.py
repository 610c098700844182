"""The key of a task on Kubeflow, and the earlier successes that have it or may have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.forecasts.graph import DueTask, Fingerprint, Hit, OpenValue, Reason
from kfpkit.forecasts.kubeflow.inputs import UNKNOWN, RunValues, TaskInputs, foresee_outputs
from kfpkit.forecasts.kubeflow.successes import (
    KubeflowSuccess,
    KubeflowSuccesses,
    describe_parts,
)


@dataclass(frozen=True, kw_only=True)
class KubeflowLookup:
    """Earlier runs on Kubeflow, for one task. See `Lookup`.

    Args:
        due: The task.
        inputs: Its inputs.
        successes: The tasks of earlier runs.
        run: The values of the run. Gets names for what the task has produced, if it is a hit.
    """

    due: DueTask
    inputs: TaskInputs
    successes: KubeflowSuccesses
    run: RunValues

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The key. A value of a task that is a hit counts as known if a success has the same."""
        if self._match is not None:
            return Fingerprint(base=self.inputs.base, inputs=self._described)
        return Fingerprint(base=self.inputs.base, inputs=self._known, open=self._open)

    def find(self) -> Hit | None:
        """Return an earlier success with the key. See `Lookup`."""
        match = self._match
        if match is None:
            return None
        self.run.produced.update(self.inputs.name_outputs(match.fingerprint))
        outputs = foresee_outputs(self.due, has_ended=True)
        return Hit(outputs=outputs, run=match.run, task=match.task)

    def list_doubts(self) -> Sequence[Reason]:
        """Return what it hangs on whether an earlier success has the key. See `Lookup`."""
        if any(value.is_new for value in self._open.values()):
            return ()
        similar = self.successes.list_similar(self.inputs.base, self._known)
        found = next(filter(self._is_possible, similar), None)
        if found is None:
            return ()
        if self._open:
            return [Reason(kind="value", name=source) for source in self.fingerprint.sources]
        names = sorted(found.described.keys() - found.inputs.keys())
        return [Reason(kind="untold", name=name) for name in names]

    def explain(self) -> Sequence[Reason]:
        """Return why no earlier success has the key. See `Lookup`."""
        before = self.successes.by_name.get(self.due.position.node[-1], [])
        if before:
            return tuple(self._list_changes(before[0]))
        elsewhere = self.successes.elsewhere.get(self.inputs.base, [])
        if elsewhere:
            return (Reason(kind="pipeline", name=elsewhere[0]),)
        return (Reason(kind="never"),)

    def foresee(self, *, runs: bool) -> Mapping[str, Any]:
        """Return the task's outputs. See `Lookup`."""
        return foresee_outputs(self.due, runs=runs)

    @property
    def _open(self) -> Mapping[str, OpenValue]:
        return {} if self.inputs.custom else self.due.arguments.open

    @cached_property
    def _described(self) -> dict[str, str]:
        return self.inputs.describe(self.run)

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name: each for name, each in self._described.items() if name not in self._open}

    @cached_property
    def _match(self) -> KubeflowSuccess | None:
        if UNKNOWN in self._described.values():
            return None
        return self.successes.find(self.inputs.base, self._described)

    def _is_possible(self, success: KubeflowSuccess) -> bool:
        """Return whether the inputs of an earlier success may be the same."""
        ours, theirs = self._described, success.described
        return ours.keys() == theirs.keys() and all(
            own == theirs[name] or own.startswith(UNKNOWN) or theirs[name].startswith(UNKNOWN)
            for name, own in ours.items()
        )

    def _list_changes(self, before: KubeflowSuccess) -> Iterator[Reason]:
        now, past = describe_parts(self.inputs, self._described), before.parts
        if now.custom != past.custom:
            yield Reason(kind="custom")
            return
        for miss in now.describe_changes(past, ()):
            is_unknown = miss.kind == "input" and (
                miss.name in self._open
                or before.described.get(miss.name or "", "").startswith(UNKNOWN)
            )
            if not is_unknown:
                yield Reason(kind=miss.kind, name=miss.name)
        if self.inputs.volumes != before.volumes:
            yield Reason(kind="volumes")
        for name, value in self._open.items():
            if value.is_new:
                yield Reason(kind="upstream", name=name)
