"""The inputs and outputs of tasks."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from kfpkit.runs.record.part import Part


class Artifact(Part):
    """An artifact.

    Args:
        name: Its name.
        type: Its type in KFP, such as `system.Dataset`.
        uri: The address or path of its content. A path is relative to the run's folder, unless it
            is outside the folder of all runs.
        metadata: Its metadata, such as metrics by name.
    """

    name: str | None = None
    type: str | None = None
    uri: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class Output(Part):
    """An output: a parameter's value, an artifact, or a list of artifacts.

    Args:
        value: A parameter's value. Numbers that JSON lacks are `"NaN"`, `"Infinity"` and
            `"-Infinity"`.
        artifact: The artifact.
        artifacts: The artifacts of a list.
    """

    value: Any = None
    artifact: Artifact | None = None
    artifacts: tuple[Artifact, ...] | None = None


class Source(Part):
    """An output of the task that produced an input.

    Args:
        task: The task's name in the run.
        output: The output's name.
    """

    task: str
    output: str


class Input(Output):
    """An input: its value, and its origin.

    Args:
        value: A parameter's value. See `Output`.
        artifact: The artifact.
        artifacts: The artifacts of a list.
        sources: In the file `from`: the outputs that it consists of, resolved through conditions,
            loops and nested pipelines. There are several if iterations of a loop produced it.
        parameter: The pipeline's parameter that it comes from.
    """

    sources: tuple[Source, ...] | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    parameter: str | None = None
