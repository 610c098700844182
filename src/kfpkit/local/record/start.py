"""The facts that are known when a run starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kfpkit.configuration import Origin
from kfpkit.local.record.request import Request, shorten_file
from kfpkit.local.record.values import describe_value
from kfpkit.runs.outline import describe_components, describe_nodes
from kfpkit.runs.record import Parameter, Retry, RunRecord, RunState, Settings, Target
from kfpkit.specification import ParameterType, Specification
from kfpkit.specification.execution import Job


@dataclass(frozen=True, kw_only=True)
class Start:
    """A run that is about to start.

    Args:
        root: The project's folder.
        name: The run's name.
        job: The run, as tasks see it.
        specification: The compiled pipeline.
        parameters: The values of the pipeline's parameters, with defaults.
        origins: Where these values come from.
        settings: The rest of the configuration.
        name_environment: Returns the name of what an image runs in.
        containers: Whether tasks run in their images.
        request: The user's request, if the command line started the run.
        retry: The run that it continues, if it is a retry.
    """

    root: Path
    name: str
    job: Job
    specification: Specification
    parameters: Mapping[str, Any]
    origins: Mapping[str, Origin]
    settings: Settings
    name_environment: Callable[[str], str]
    containers: bool
    request: Request | None = None
    retry: Retry | None = None

    def describe(self) -> RunRecord:
        """Return the record of the run."""
        mode = "container" if self.containers else "venv"
        asked = self.request
        return RunRecord(
            id=self.name,
            uuid=self.job.id,
            pipeline=self.specification.name,
            about=self.specification.spec.pipeline_info.description or None,
            state=RunState.RUNNING,
            started=self.job.created if self.retry is None else dt.datetime.now(tz=dt.timezone.utc),
            kfpkit=version("kfpkit"),
            command=None if asked is None else asked.command,
            target=Target.model_validate({"name": "local", "kind": "local", "mode": mode}),
            configuration=None if asked is None else asked.describe_configuration(self.root),
            settings=self.settings,
            retry=self.retry,
            parameters=self._describe_parameters(),
            components=describe_components(
                self.specification.spec.components,
                self.specification.executors,
                self.name_environment,
            ),
            nodes=describe_nodes(self.specification.spec),
        )

    def _describe_parameters(self) -> dict[str, Parameter]:
        root = self.specification.spec.root
        return {
            name: Parameter(
                value=describe_value(self.parameters.get(name)),
                origin=self._find_origin(name),
                type=ParameterType.ParameterTypeEnum.Name(declared.parameter_type),
                about=declared.description or None,
            )
            for name, declared in sorted(root.input_definitions.parameters.items())
        }

    def _find_origin(self, name: str) -> str | None:
        """Return where a value comes from. None for a value from a program."""
        origin = self.origins.get(name)
        if origin is None or origin.place is None:
            return None if origin is None else origin.name
        return shorten_file(origin.place.file, self.root)
