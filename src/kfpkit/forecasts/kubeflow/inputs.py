"""The inputs of a task on Kubeflow, and what its key is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.forecasts.graph import DueTask, OpenValue
from kfpkit.forecasts.kubeflow.key import (
    compute_custom_fingerprint,
)
from kfpkit.forecasts.kubeflow.passages import PassedValue
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline
from kfpkit.specification import artifacts_in, make_artifact
from kfpkit.specification.execution import add_defaults, normalise_value

UNKNOWN = "unknown"
"""How an input begins that isn't known."""


@dataclass(frozen=True, kw_only=True)
class RunValues:
    """What inputs are made of in one run.

    Args:
        scope: The digest of what leads from what tasks produce to inputs: graphs, and parameters.
        passed: The run's parameters that were left open, as `describe_value` describes them.
        produced: What earlier tasks have produced: a name for each output that is the same for the
            same value. Gets the outputs of tasks by `name_outputs`.
    """

    scope: str
    passed: Mapping[str, str]
    produced: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TaskInputs:
    """The inputs of a task, and everything else in its key.

    Args:
        due: The task.
        pipeline: The pipeline of its run.
    """

    due: DueTask
    pipeline: RunPipeline

    @cached_property
    def base(self) -> str:
        """The fingerprint without inputs. With an author's own key, the whole one."""
        if self.custom:
            return compute_custom_fingerprint(self.due.task.component_ref.name, self.custom)
        return self.pipeline.find_base(self.due.component, self.due.task.component_ref.name)

    @property
    def volumes(self) -> tuple[str, ...]:
        """The names of its volumes."""
        return tuple(sorted({*(self.pipeline.list_volumes(self.due.component) or ())}))

    @cached_property
    def custom(self) -> str:
        """The author's own key."""
        return str(self.due.task.caching_options.cache_key)

    @cached_property
    def is_cached(self) -> bool:
        """Whether the task uses the cache."""
        return bool(self.due.task.caching_options.enable_cache)

    def describe(self, run: RunValues) -> dict[str, str]:
        """Return all inputs in a form that is equal for equal ones.

        Args:
            run: The values of the run.
        """
        if self.custom:
            return {}
        produced = run.produced
        artifacts = {
            name: f"artifacts {' '.join([produced[place] for place in places])}"
            for name, places in self._artifacts.items()
        }
        passed = {name: run.passed[parameter] for name, parameter in self._passed.items()}
        unknown = {name: self._name_value(name, value, run) for name, value in self._open.items()}
        return {**artifacts, **self._parameters, **passed, **unknown}

    def name_outputs(self, fingerprint: str) -> dict[str, str]:
        """Return names for what the task has produced.

        Args:
            fingerprint: What identifies its outputs.
        """
        return {place: f"{fingerprint}/{name}" for place, name in self._outputs}

    @cached_property
    def _name(self) -> str:
        return self.due.name

    @cached_property
    def _outputs(self) -> list[tuple[str, str]]:
        declared = self.due.component.output_definitions
        return [
            *((f"{self.due.name}.{name}", name) for name in declared.parameters),
            *((_place_artifact(self.due, name), name) for name in declared.artifacts),
        ]

    @cached_property
    def _passed(self) -> dict[str, str]:
        every = self.due.arguments.open.items()
        return {name: each.parameter for name, each in every if isinstance(each, PassedValue)}

    @cached_property
    def _open(self) -> dict[str, OpenValue]:
        every = self.due.arguments.open.items()
        return {name: each for name, each in every if name not in self._passed}

    @cached_property
    def _values(self) -> dict[str, Any]:
        values = add_defaults(self.due.arguments.known, self.due.component)
        opened = self.due.arguments.open
        return {
            name: value
            for name, value in values.items()
            if value is not None and name not in opened
        }

    @cached_property
    def _artifacts(self) -> dict[str, list[str]]:
        found = {name: artifacts_in(value) for name, value in self._values.items()}
        declared = self.due.component.input_definitions.artifacts
        return {
            name: [str(each.name) for each in artifacts]
            for name, artifacts in found.items()
            if artifacts or name in declared
        }

    @cached_property
    def _parameters(self) -> dict[str, str]:
        return {
            name: describe_value(each)
            for name, each in self._values.items()
            if name not in self._artifacts
        }

    def _name_value(self, name: str, value: OpenValue, run: RunValues) -> str:
        """Return a name for what other tasks have produced, as this input has it.

        An input may be a string around it. This name is that of the input, so that it is equal only
        if what leads there is.
        """
        names = [run.produced.get(source, "") for source in value.sources]
        if value.is_new or "" in names:
            return UNKNOWN
        return f"{UNKNOWN} {' '.join(names)} {run.scope} {self._name}.{name}"


def describe_value(value: Any) -> str:
    """Return a parameter's value in a form that is equal for equal ones.

    Args:
        value: The value.
    """
    return f"value {json.dumps(normalise_value(value), sort_keys=True)}"


def foresee_outputs(due: DueTask, *, has_ended: bool = False, runs: bool = False) -> dict[str, Any]:
    """Return the outputs of a task, which the server doesn't report.

    Args:
        due: The task.
        has_ended: Whether it is a hit or has succeeded: its artifacts are then known by their
            places, for which `RunValues` has names.
        runs: Whether it is certain that it runs. Its artifacts then get names that are new.
    """
    return dict(_list_outputs(due, has_ended=has_ended, runs=runs))


def _list_outputs(due: DueTask, *, has_ended: bool, runs: bool) -> Iterator[tuple[str, Any]]:
    declared = due.component.output_definitions
    for name in declared.parameters:
        yield name, OpenValue(sources=(f"{due.name}.{name}",))
    for name in declared.artifacts:
        if has_ended:
            content = {"uri": "", "metadata": {}, "type": {"schemaTitle": "system.Artifact"}}
            yield name, make_artifact({"name": _place_artifact(due, name), **content})
        else:
            yield name, OpenValue(sources=(f"{due.name}.{name}",), is_new=runs)


def _place_artifact(due: DueTask, name: str) -> str:
    """Return the key of an artifact. Those of values have a dot."""
    return f"{due.name}/{name}"
