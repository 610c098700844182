"""What is known of a run when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from kfpkit.local.record.values import describe_value
from kfpkit.runs.record import Parameter, RunRecord, RunState, Target
from kfpkit.specification import ParameterType, Specification
from kfpkit.specification.execution import Job, resolve_graph_inputs


def describe_start(
    job: Job, specification: Specification, arguments: Mapping[str, Any], *, containers: bool
) -> RunRecord:
    """Return the record of a run that starts.

    Args:
        job: The run, as its tasks see it.
        specification: The compiled pipeline.
        arguments: The parameters that were given.
        containers: Whether tasks run in their images.
    """
    return RunRecord(
        id=job.name,
        uuid=job.id,
        pipeline=specification.name,
        about=specification.spec.pipeline_info.description or None,
        state=RunState.RUNNING,
        started=job.created,
        kfpkit=version("kfpkit"),
        target=Target(name="local", kind="local", mode="container" if containers else "venv"),
        parameters=_describe_parameters(specification, arguments),
    )


def _describe_parameters(
    specification: Specification, arguments: Mapping[str, Any]
) -> dict[str, Parameter]:
    root = specification.spec.root
    values = resolve_graph_inputs(arguments, root)
    return {
        name: Parameter(
            value=describe_value(values.get(name)),
            type=ParameterType.ParameterTypeEnum.Name(declared.parameter_type),
            about=declared.description or None,
        )
        for name, declared in sorted(root.input_definitions.parameters.items())
    }
