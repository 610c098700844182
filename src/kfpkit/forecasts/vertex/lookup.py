"""The key of a task on Vertex AI, and the earlier successes that have it or may have it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.bundle import decode
from kfpkit.forecasts.graph import DueTask, Fingerprint, Hit, OpenValue, Reason
from kfpkit.forecasts.vertex.key import describe_inputs
from kfpkit.forecasts.vertex.successes import JobSuccess, JobSuccesses
from kfpkit.local.tasks import KeyParts, digest
from kfpkit.specification.execution import add_defaults

_SAME, _POSSIBLE, _OTHER = "same", "possible", "other"


@dataclass(frozen=True, kw_only=True)
class VertexLookup:
    """Earlier runs on Vertex AI, for one task. See `Lookup`.

    Args:
        due: The task.
        base: The digest of its component.
        container: Its container, as in the specification.
        successes: The tasks of earlier runs.
    """

    due: DueTask
    base: str
    container: Any
    successes: JobSuccesses

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The key: declared inputs only. KFP's compiler adds others, which are in constants."""
        return Fingerprint(
            base=self.base,
            inputs=self._known,
            open={
                name: value
                for name, value in self.due.arguments.open.items()
                if name in self._declared
            },
        )

    def find(self) -> Hit | None:
        """Return an earlier success with the key. See `Lookup`."""
        return next(
            (self._take(each) for each in self._list_candidates() if self._compare(each) is _SAME),
            None,
        )

    def list_doubts(self) -> Sequence[Reason]:
        """Return what it hangs on whether an earlier success has the key. See `Lookup`."""
        every = [each for each in self._list_candidates() if self._compare(each) is not _OTHER]
        if not every:
            return ()
        if self.fingerprint.open:
            return [Reason(kind="value", name=source) for source in self.fingerprint.sources]
        untold = [name for name in sorted(self._known) if name not in every[0].inputs]
        return [Reason(kind="untold", name=name) for name in untold]

    def explain(self) -> Sequence[Reason]:
        """Return why no earlier success has the key. See `Lookup`."""
        before = self.successes.by_name.get(self.due.position.node[-1], [])
        if before:
            return tuple(self._list_changes(before[0]))
        elsewhere = self.successes.elsewhere.get(self.base, [])
        if elsewhere:
            return (Reason(kind="pipeline", name=elsewhere[0].pipeline),)
        return (Reason(kind="never"),)

    def foresee(self, *, runs: bool) -> Mapping[str, OpenValue]:
        """Return the task's outputs. See `Lookup`."""
        return foresee_outputs(self.due, runs=runs)

    @property
    def _declared(self) -> set[str]:
        inputs = self.due.component.input_definitions
        return {*inputs.parameters, *inputs.artifacts}

    @cached_property
    def _known(self) -> dict[str, str]:
        values = add_defaults(self.due.arguments.known, self.due.component)
        opened = self.due.arguments.open
        return describe_inputs(
            {
                name: value
                for name, value in values.items()
                if name in self._declared and name not in opened and value is not None
            }
        )

    def _list_candidates(self) -> list[JobSuccess]:
        return self.successes.find(self.base, self._known)

    def _compare(self, success: JobSuccess) -> str:
        """Compare the inputs of an earlier success, as far as the service told them."""
        opened = self.fingerprint.open
        if any(value.is_new for value in opened.values()):
            return _OTHER
        found = _POSSIBLE if opened else _SAME
        for name in self._declared - opened.keys():
            ours, theirs = self._known.get(name), success.inputs.get(name)
            if theirs is None and ours is not None:
                found = _POSSIBLE
            elif ours != theirs:
                return _OTHER
        return found

    def _list_changes(self, before: JobSuccess) -> Iterator[Reason]:
        opened = self.fingerprint.open
        now = _describe_container(self.container, self._known, self.due.component.executor_label)
        then = _describe_success(before)
        for miss in now.describe_changes(then, ()):
            is_untold = miss.kind == "input" and miss.name not in then.inputs
            if miss.name not in opened and not is_untold:
                yield Reason(kind=miss.kind, name=miss.name)
        if now.variables != then.variables:
            yield Reason(kind="variables")
        for name, value in opened.items():
            if value.is_new:
                yield Reason(kind="upstream", name=name)

    def _take(self, success: JobSuccess) -> Hit:
        known = dict(success.list_outputs())
        outputs = {**foresee_outputs(self.due, runs=False), **known}
        run = success.job.rpartition("/")[2]
        return Hit(outputs=outputs, run=run, task=success.task.name)


def foresee_outputs(due: DueTask, *, runs: bool) -> dict[str, OpenValue]:
    """Return the outputs of a task, which aren't known yet.

    Args:
        due: The task.
        runs: Whether it is certain that it runs. Its artifacts then get IDs that no task has had.
    """
    declared = due.component.output_definitions
    return {
        name: OpenValue(sources=(f"{due.name}.{name}",), is_new=runs and name in declared.artifacts)
        for name in (*declared.parameters, *declared.artifacts)
    }


def _describe_success(success: JobSuccess) -> KeyParts:
    container = success.specification.find_container(success.task.component)
    return _describe_container(container, success.inputs, success.task.component)


def _describe_container(container: Any, inputs: Mapping[str, str], name: str) -> KeyParts:
    """Return the parts of a key. What an image is built from isn't in a specification."""
    command = [*_list_texts(container, "command"), *_list_texts(container, "args")]
    payload = decode(_list_texts(container, "command"))
    files = {} if payload is None else payload.files
    return KeyParts(
        function=name.removeprefix("exec-").removeprefix("comp-"),
        image=container.fields["image"].string_value,
        environment="",
        built_from={},
        files={path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
        command=digest(command),
        inputs=dict(inputs),
        variables=digest(_list_variables(container)),
    )


def _list_texts(container: Any, key: str) -> list[str]:
    if key not in container.fields:
        return []
    return [each.string_value for each in container.fields[key].list_value.values]


def _list_variables(container: Any) -> list[list[str]]:
    if "env" not in container.fields:
        return []
    every = [each.struct_value.fields for each in container.fields["env"].list_value.values]
    return [[each["name"].string_value, each["value"].string_value] for each in every]
