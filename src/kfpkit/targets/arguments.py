"""The values of a run's parameters, as requests have them."""

from __future__ import annotations

from typing import Any

from kfpkit.configuration import EffectiveConfiguration
from kfpkit.errors import NullParameterError
from kfpkit.targets.template import Template


def list_arguments(template: Template, configuration: EffectiveConfiguration) -> dict[str, Any]:
    """Return the values of parameters that a request has. One without a value is left out.

    Args:
        template: The compiled pipeline.
        configuration: The run's configuration, checked against the pipeline.

    Raises:
        NullParameterError: A parameter would lose its null.
    """
    declared = template.spec["root"].get("inputDefinitions", {}).get("parameters", {})
    values = {}
    for name, value in configuration.arguments.items():
        if value is not None:
            values[name] = value
        elif "defaultValue" in declared[name]:
            raise NullParameterError(
                name=name,
                default=declared[name]["defaultValue"],
                origin=str(configuration.origins[name]),
            )
    return values
