"""Checks values as a run does, for the tests of signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfpkit.configuration import Configuration, adopt_given
from kfpkit.configuration.checking import check_parameters, find_missing
from kfpkit.errors import InvalidConfigurationError


def check(
    pipeline: Any, given: Mapping[str, Any], texts: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the values that a pipeline, or a specification, gets, or raise all faults."""
    spec = getattr(pipeline, "pipeline_spec", pipeline)
    values = adopt_given(Configuration(parameters=dict(given)), texts or {}).values
    checked = check_parameters(values, spec)
    faults = [*checked.faults, *find_missing(checked, spec)]
    if faults:
        raise InvalidConfigurationError(faults=faults)
    return checked.values
