"""The configuration that takes effect: every value with its origin, after all checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.configuration.checking import Checked, check_parameters, find_missing
from kfpkit.configuration.credentials import find_credentials
from kfpkit.configuration.given import DEFAULT, Given, Origin
from kfpkit.configuration.parameter_model import ParameterModel
from kfpkit.errors import ConfigurationFault, InvalidConfigurationError
from kfpkit.project import Project
from kfpkit.specification import PipelineSpec
from kfpkit.specification.execution import resolve_graph_inputs


@dataclass(frozen=True, kw_only=True)
class EffectiveConfiguration:
    """The configuration of one run.

    Args:
        pipeline: The pipeline's name.
        given: What it was made from.
        arguments: The values that the run gets, without parameters that keep their default.
        parameters: The values of all parameters that have one, including defaults.
        origins: Where each of these values comes from.
    """

    pipeline: str
    given: Given
    arguments: Mapping[str, Any]
    parameters: Mapping[str, Any]
    origins: Mapping[str, Origin]


def resolve_configuration(
    given: Given, spec: PipelineSpec, *, project: Project, model: ParameterModel | None = None
) -> EffectiveConfiguration:
    """Check what is given for a run, and return what takes effect.

    Args:
        given: What is given.
        spec: The pipeline's specification.
        project: The project, whose settings allow values that look like credentials.
        model: The model of its parameters, if it has one.

    Returns:
        The configuration.

    Raises:
        InvalidConfigurationError: There are faults, in files, variables, options or the model. The
            error lists all of them.
    """
    checked, faults = _check(given, spec, project, model)
    place = given.document.find_place(("parameters",)) if given.document else None
    faults += find_missing(checked, spec, place, given.artifacts)
    if faults:
        raise InvalidConfigurationError(faults=faults)
    values = _add_defaults(checked, spec)
    return EffectiveConfiguration(
        pipeline=spec.pipeline_info.name,
        given=given,
        arguments={**checked.values, **given.artifacts},
        parameters=values,
        origins={name: checked.origins.get(name, DEFAULT) for name in values},
    )


def find_faults(
    given: Given, spec: PipelineSpec, *, project: Project, model: ParameterModel | None = None
) -> list[ConfigurationFault]:
    """Find the faults of what is given, except for missing parameters, which others may give.

    Args:
        given: What is given.
        spec: The pipeline's specification.
        project: The project.
        model: The model of its parameters, if it has one.
    """
    return list(dict.fromkeys(_check(given, spec, project, model)[1]))


def _check(
    given: Given, spec: PipelineSpec, project: Project, model: ParameterModel | None
) -> tuple[Checked, list[ConfigurationFault]]:
    checked = check_parameters(given.values, spec, given.faulty)
    faults = [*given.faults, *checked.faults]
    credentials = find_credentials(given, checked.values, checked.origins, project)
    faults += credentials
    # A message of the model would show the value.
    checked.faulty.update(each.key[1] for each in credentials if each.key[:1] == ("parameters",))
    if model is not None:
        values = _add_defaults(checked, spec)
        origins = {name: checked.origins.get(name, DEFAULT) for name in values}
        declared = spec.root.input_definitions.parameters
        defaults = resolve_graph_inputs({}, spec.root)
        faults += model.find_mismatches({name: defaults.get(name, ...) for name in declared})
        faults += model.check(values, origins, checked.faulty)
    return checked, faults


def _add_defaults(checked: Checked, spec: PipelineSpec) -> dict[str, Any]:
    resolved = resolve_graph_inputs(checked.values, spec.root)
    declared = sorted(spec.root.input_definitions.parameters)
    return {name: resolved[name] for name in declared if name in resolved}
