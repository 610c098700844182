"""What tasks take in and produce."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from kfpkit.runs.record.part import Part


class Artifact(Part):
    """An artifact.

    Args:
        name: Its name.
        type: Its type in KFP's words, such as `system.Dataset`.
        uri: Where its content is: an address, or a path, which is relative to the run's folder
            unless it is outside the folder of all runs.
        metadata: What is recorded with it, such as metrics by name.
    """

    name: str | None = None
    type: str | None = None
    uri: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class Output(Part):
    """An output: a parameter's value, an artifact, or a list of artifacts.

    Args:
        value: A parameter's value. Numbers that JSON does not have are `"NaN"`, `"Infinity"` and
            `"-Infinity"`.
        artifact: The artifact.
        artifacts: The artifacts of a list.
    """

    value: Any = None
    artifact: Artifact | None = None
    artifacts: tuple[Artifact, ...] | None = None


class Source(Part):
    """An output of the task that really made an input.

    Args:
        task: The task's name in the run.
        output: The output's name.
    """

    task: str
    output: str


class Input(Output):
    """An input: what a task was given, and where it came from.

    Args:
        value: A parameter's value; see `Output`.
        artifact: The artifact.
        artifacts: The artifacts of a list.
        sources: In the file `from`: the outputs that it was made of, resolved through conditions,
            loops and nested pipelines. Several for what a loop's iterations produced.
        parameter: The pipeline's parameter that it comes from.
    """

    sources: tuple[Source, ...] | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    parameter: str | None = None
