"""The key of Vertex AI's execution cache, after its documentation.

A task is a hit if an earlier execution had (1) the same inputs: values of parameters, and IDs of
artifacts, (2) the same names of outputs, and (3) the same component: image, command, arguments and
environment variables, in their order; and if the pipelines have the same name. Nothing else counts:
not the machine, the account or the age.

An artifact gets a new ID each time that a task produces it. So a task with an artifact of a task
that runs again is certainly a miss.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kfpkit.specification import artifacts_in
from kfpkit.specification.execution import normalise_value


def describe_input(value: Any) -> str:
    """Return an input in a form that is equal for equal inputs.

    Args:
        value: A parameter's value, an artifact, or a list of artifacts.
    """
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, (int, float)):
        return f"number {normalise_value(value)}" if type(value) is not bool else f"truth {value}"
    artifacts = artifacts_in(value)
    if artifacts:
        return describe_artifacts([artifact.name for artifact in artifacts])
    # Messages don't tell 3 from 3.0.
    return json.dumps(normalise_value(value), sort_keys=True)


def describe_artifacts(names: list[str]) -> str:
    """Return the artifacts of an input by their IDs. Their names have them last.

    Args:
        names: The full names of the artifacts. The project in them may be its number.
    """
    return "artifacts " + " ".join(name.rpartition("/")[2] for name in names)


def describe_inputs(values: Mapping[str, Any]) -> dict[str, str]:
    """Return inputs in a form that is equal for equal inputs, by name.

    Args:
        values: The inputs by name.
    """
    return {name: describe_input(value) for name, value in values.items()}
