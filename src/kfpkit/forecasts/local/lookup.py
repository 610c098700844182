"""The local key of a task, and the earlier successes that have it or may have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kfpkit.forecasts.graph import DueTask, Fingerprint, Hit, InputIndex, OpenValue, Reason
from kfpkit.local.tasks import KeyParts, Success, Successes, TaskCache, TaskKey


@dataclass(frozen=True, kw_only=True)
class LocalLookup:
    """The local cache, for one task. See `Lookup`.

    Args:
        due: The task.
        key: Its key, without open inputs.
        before: The parts of the key of its last success in the pipeline, if one is known.
        cache: The cache.
        successes: The inputs of what is in the cache.
        indices: These by base, as far as they have been read.
    """

    due: DueTask
    key: TaskKey
    before: KeyParts | None
    cache: TaskCache
    successes: Successes
    indices: dict[str, InputIndex[Success]]

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The key. The author's own key doesn't depend on inputs."""
        if self.key.custom:
            return Fingerprint(base=self.key.base)
        digests, opened = self.key.digests, self.due.arguments.open
        return Fingerprint(base=self.key.base, inputs=digests, open=opened)

    def find(self) -> Hit | None:
        """Return an earlier success with the key. See `Lookup`."""
        entry = self.cache.get(self.key.key)
        return None if entry is None else Hit(outputs=entry.outputs, run=entry.run, task=entry.task)

    def list_doubts(self) -> Sequence[Reason]:
        """Return what it hangs on whether an earlier success has the key. See `Lookup`."""
        fingerprint = self.fingerprint
        if not fingerprint.open or not self._may_hit():
            return ()
        return [Reason(kind="value", name=source) for source in fingerprint.sources]

    def explain(self) -> Sequence[Reason]:
        """Return why no earlier success has the key. See `Lookup`."""
        if not self.fingerprint.open and self.key.key in self.successes.keys:
            return (Reason(kind="outputs"),)
        reasons = [Reason(kind=miss.kind, name=miss.name) for miss in self.key.explain(self.before)]
        if self.before is None:
            return reasons
        return [*reasons, *self._find_variables(self.before), *self._find_upstream()]

    def foresee(self, *, runs: bool) -> dict[str, OpenValue]:
        """Return the task's outputs. See `Lookup`."""
        return foresee_outputs(self.due, runs=runs)

    def _may_hit(self) -> bool:
        if not self.successes.is_complete:
            return True
        base = self.key.base
        if base not in self.indices:
            self.indices[base] = InputIndex(self.successes.list(base))
        return any(self._may_be(each) for each in self.indices[base].find(self.key.digests))

    def _may_be(self, success: Success) -> bool:
        known, opened = self.key.digests, self.due.arguments.open
        # An open input may also turn out to be absent, where it is optional.
        if not success.inputs.keys() <= {*known, *opened}:
            return False
        if any(success.inputs.get(name) != value for name, value in known.items()):
            return False
        return all(
            _may_be_placed(value.places, success.places.get(name, ()))
            for name, value in opened.items()
            if value.places
        )

    def _find_variables(self, before: KeyParts) -> Iterator[Reason]:
        if self.key.custom != before.custom:
            yield Reason(kind="custom")
        elif before.variables and before.variables != self.key.parts.variables:
            yield Reason(kind="variables")

    def _find_upstream(self) -> Iterator[Reason]:
        for name, value in self.due.arguments.open.items():
            if any(value.places) and not self.key.custom:
                yield Reason(kind="upstream", name=name)


def _may_be_placed(places: Sequence[str], earlier: Sequence[str]) -> bool:
    """Return whether artifacts that this run makes may have been the input of an earlier task.

    A run has a folder of its own. An earlier artifact at the same place in its run's folder is
    another one.
    """
    if len(places) != len(earlier):
        return False
    return not any(ours and ours == theirs for ours, theirs in zip(places, earlier, strict=True))


def foresee_outputs(due: DueTask, *, runs: bool) -> dict[str, OpenValue]:
    """Return the outputs of a task, which aren't known yet.

    Args:
        due: The task.
        runs: Whether it is certain that it runs. Its artifacts are then in the folder of the run,
            unless the task itself puts them elsewhere.
    """
    declared = due.component.output_definitions
    outputs = {
        name: OpenValue(sources=(f"{due.name}.{name}",))
        for name in (*declared.parameters, *declared.artifacts)
    }
    if runs:
        for name, artifact in declared.artifacts.items():
            if not artifact.is_artifact_list:
                places = (f"{due.name}/{name}",)
                outputs[name] = OpenValue(sources=(f"{due.name}.{name}",), places=places)
    return outputs
