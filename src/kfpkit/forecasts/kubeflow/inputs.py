"""The inputs of a task on Kubeflow, and what its key is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.forecasts.graph import DueTask, OpenValue
from kfpkit.forecasts.kubeflow.key import (
    compute_custom_fingerprint,
)
from kfpkit.forecasts.kubeflow.pipeline import RunPipeline
from kfpkit.local.tasks import digest
from kfpkit.specification import artifacts_in, make_artifact
from kfpkit.specification.execution import add_defaults, normalise_value

UNKNOWN = "unknown"
"""How an input begins that isn't known."""


@dataclass(frozen=True, kw_only=True)
class TaskInputs:
    """The inputs of a task, and everything else in its key.

    Args:
        due: The task.
        pipeline: The pipeline of its run.
        produced: What earlier tasks have produced: a name for each output, `TASK.OUTPUT`, that is
            the same for the same value.
        scope: The digest of what leads from there to inputs: graphs, and the run's parameters.
    """

    due: DueTask
    pipeline: RunPipeline
    produced: Mapping[str, str]
    scope: str

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

    @property
    def custom(self) -> str:
        """The author's own key."""
        return str(self.due.task.caching_options.cache_key)

    @cached_property
    def described(self) -> dict[str, str]:
        """All inputs in a form that is equal for equal ones."""
        if self.custom:
            return {}
        artifacts = {
            name: f"artifacts {' '.join(names)}" for name, names in self._artifacts.items()
        }
        parameters = {
            name: f"value {json.dumps(normalise_value(value), sort_keys=True)}"
            for name, value in self._parameters.items()
        }
        unknown = {name: self._name_value(name, value) for name, value in self._open.items()}
        return {**artifacts, **parameters, **unknown}

    @cached_property
    def fingerprint(self) -> str | None:
        """A fingerprint with names for what other tasks have produced. None without those.

        It is equal if Kubeflow's is, which has the ids and values that the server doesn't report.
        """
        if UNKNOWN in self.described.values():
            return None
        return digest([self.base, self.described])

    @property
    def _open(self) -> Mapping[str, OpenValue]:
        return self.due.arguments.open

    @cached_property
    def _values(self) -> dict[str, Any]:
        values = add_defaults(self.due.arguments.known, self.due.component)
        return {
            name: value
            for name, value in values.items()
            if value is not None and name not in self._open
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
    def _parameters(self) -> dict[str, Any]:
        return {name: each for name, each in self._values.items() if name not in self._artifacts}

    def _name_value(self, name: str, value: OpenValue) -> str:
        """Return a name for what other tasks have produced, as this input has it.

        An input may be a string around it. This name is that of the input, so that it is equal only
        if what leads there is.
        """
        if value.is_new or not all(source in self.produced for source in value.sources):
            return UNKNOWN
        names = " ".join(self.produced[source] for source in value.sources)
        return f"{UNKNOWN} {names} {self.scope} {self.due.name}.{name}"


def foresee_outputs(
    due: DueTask, *, fingerprint: str | None = None, runs: bool = False
) -> dict[str, Any]:
    """Return the outputs of a task, which the server doesn't report.

    Args:
        due: The task.
        fingerprint: What identifies its outputs, if it is a hit or has succeeded: its artifacts are
            then known by name.
        runs: Whether it is certain that it runs. Its artifacts then get names that are new.
    """
    declared = due.component.output_definitions
    outputs: dict[str, Any] = {
        name: OpenValue(sources=(f"{due.name}.{name}",)) for name in declared.parameters
    }
    for name in declared.artifacts:
        if fingerprint is None:
            outputs[name] = OpenValue(sources=(f"{due.name}.{name}",), is_new=runs)
        else:
            outputs[name] = make_artifact(
                {
                    "name": f"{fingerprint}/{name}",
                    "uri": "",
                    "metadata": {},
                    "type": {"schemaTitle": "system.Artifact"},
                }
            )
    return outputs


def name_outputs(due: DueTask, fingerprint: str) -> dict[str, str]:
    """Return names for the values that a task has produced, by `TASK.OUTPUT`.

    Args:
        due: The task.
        fingerprint: What identifies its outputs.
    """
    names = due.component.output_definitions.parameters
    return {f"{due.name}.{name}": f"{fingerprint}/{name}" for name in names}
