"""The key of a task on Kubeflow, and the earlier successes that have it or may have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.forecasts.graph import DueTask, Fingerprint, Hit, OpenValue, Reason
from kfpkit.forecasts.kubeflow.inputs import UNKNOWN, TaskInputs, foresee_outputs, name_outputs
from kfpkit.forecasts.kubeflow.successes import (
    Inputs,
    KubeflowSuccess,
    KubeflowSuccesses,
    describe_parts,
    make_inputs,
)


@dataclass(frozen=True, kw_only=True)
class KubeflowLookup:
    """Earlier runs on Kubeflow, for one task. See `Lookup`.

    Args:
        due: The task.
        inputs: Its inputs.
        successes: The tasks of earlier runs.
        produced: Gets names for what the task has produced, if it is a hit.
    """

    due: DueTask
    inputs: TaskInputs
    successes: KubeflowSuccesses
    produced: dict[str, str]

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The key. A value of a task that is a hit counts as known if a success has the same."""
        described = self.inputs.described
        if self._match is not None:
            return Fingerprint(base=self.inputs.base, inputs=described)
        return Fingerprint(base=self.inputs.base, inputs=self._known, open=self._open)

    def find(self) -> Hit | None:
        """Return an earlier success with the key. See `Lookup`."""
        match = self._match
        if match is None:
            return None
        self.produced.update(name_outputs(self.due, match.fingerprint))
        outputs = foresee_outputs(self.due, fingerprint=match.fingerprint)
        return Hit(outputs=outputs, run=match.run, task=match.task)

    def list_doubts(self) -> Sequence[Reason]:
        """Return what it hangs on whether an earlier success has the key. See `Lookup`."""
        if any(value.is_new for value in self._open.values()):
            return ()
        found = next(filter(self._is_possible, self._candidates.values()), None)
        if found is None:
            return ()
        if self._open:
            return [Reason(kind="value", name=source) for source in self.fingerprint.sources]
        names = [name for name, each in found.inputs.items() if each.startswith(UNKNOWN)]
        return [Reason(kind="untold", name=name) for name in sorted(names)]

    def explain(self) -> Sequence[Reason]:
        """Return why no earlier success has the key. See `Lookup`."""
        before = self.successes.by_name.get(self.due.position.node[-1], [])
        if before:
            return tuple(self._list_changes(before[0]))
        elsewhere = self.successes.elsewhere.get(self.inputs.base, [])
        if elsewhere:
            return (Reason(kind="pipeline", name=elsewhere[0].pipeline),)
        return (Reason(kind="never"),)

    def foresee(self, *, runs: bool) -> Mapping[str, Any]:
        """Return the task's outputs. See `Lookup`."""
        return foresee_outputs(self.due, runs=runs)

    @property
    def _open(self) -> Mapping[str, OpenValue]:
        return {} if self.inputs.custom else self.due.arguments.open

    @cached_property
    def _known(self) -> dict[str, str]:
        described = self.inputs.described
        return {name: each for name, each in described.items() if name not in self._open}

    @property
    def _candidates(self) -> Mapping[Inputs, KubeflowSuccess]:
        return self.successes.by_base.get(self.inputs.base, {})

    @cached_property
    def _match(self) -> KubeflowSuccess | None:
        described = self.inputs.described
        if UNKNOWN in described.values():
            return None
        return self._candidates.get(make_inputs(described))

    def _is_possible(self, success: KubeflowSuccess) -> bool:
        """Return whether the inputs of an earlier success may be the same."""
        ours, theirs = self.inputs.described, success.inputs
        return ours.keys() == theirs.keys() and all(
            own == theirs[name] or own.startswith(UNKNOWN) or theirs[name].startswith(UNKNOWN)
            for name, own in ours.items()
        )

    def _list_changes(self, before: KubeflowSuccess) -> Iterator[Reason]:
        now, past = describe_parts(self.inputs), before.parts
        if now.custom != past.custom:
            yield Reason(kind="custom")
            return
        then = before.inputs
        for miss in now.describe_changes(past, ()):
            is_unknown = miss.kind == "input" and (
                miss.name in self._open or then.get(miss.name or "", "").startswith(UNKNOWN)
            )
            if not is_unknown:
                yield Reason(kind=miss.kind, name=miss.name)
        if self.inputs.volumes != before.volumes:
            yield Reason(kind="volumes")
        for name, value in self._open.items():
            if value.is_new:
                yield Reason(kind="upstream", name=name)
