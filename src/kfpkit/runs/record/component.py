"""The components of a pipeline."""

from __future__ import annotations

from pydantic import Field

from kfpkit.runs.record.part import Part


class Component(Part):
    """A component.

    Args:
        module: The module that defines it. Absent for components that kfpkit didn't compile.
        function: The name of its function.
        environment: The environment that it runs in.
        bundle: The SHA-256 of its bundle as it ships, including the start-up code.
        files: The SHA-256 of each file of the bundle, by path. `pipeline.yaml` contains them.
    """

    module: str | None = None
    function: str | None = None
    environment: str | None = None
    bundle: str | None = None
    files: dict[str, str] = Field(default_factory=dict)
