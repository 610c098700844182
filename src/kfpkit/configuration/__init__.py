"""The configuration of a run: one format for runs on this machine and for submissions.

    text ──▶ Document ──▶ Given ──▶ EffectiveConfiguration
    (YAML)   (lines)      (+ variables, options)  (checked against the pipeline and its model)

- `documents` reads a YAML file as values with lines. It refuses what versions of YAML read
  differently, duplicate keys, and numbers that JSON can't represent.
- `model` has the keys of a file with their types, and `finding` the places of files.
- `given` puts together what a file, environment variables (`KFPKIT_PARAM_…`) and options
  (`--param`) give. Of two values for a parameter, the later in this order wins.
- `checking` compares the values with the pipeline's signature, `parameter_model` with the pydantic
  model that its author may write beside it, and `credentials` with the forms of secrets.
- `effective` does all of these, and returns each value with its origin. `project_check` checks the
  files of many pipelines, and `schema` describes them for editors.

Nothing is raised before the end: one `InvalidConfigurationError` lists all faults, each with its
file and line, before anything has started. A model checks values and never changes them, so that
what a file says is what a run gets.
"""

from __future__ import annotations

from kfpkit.configuration.effective import (
    EffectiveConfiguration,
    find_faults,
    resolve_configuration,
)
from kfpkit.configuration.finding import find_configuration, list_configurations
from kfpkit.configuration.given import Given, GivenValue, Origin, adopt_given, collect_given
from kfpkit.configuration.model import Configuration
from kfpkit.configuration.parameter_model import ParameterModel, load_parameter_model
from kfpkit.configuration.project_check import (
    CheckedFile,
    CheckedPipeline,
    check_pipelines,
    find_configured_pipelines,
    read_pipeline_spec,
)
from kfpkit.configuration.schema import make_schema

__all__ = [
    "CheckedFile",
    "CheckedPipeline",
    "Configuration",
    "EffectiveConfiguration",
    "Given",
    "GivenValue",
    "Origin",
    "ParameterModel",
    "adopt_given",
    "check_pipelines",
    "collect_given",
    "find_configuration",
    "find_configured_pipelines",
    "find_faults",
    "list_configurations",
    "load_parameter_model",
    "make_schema",
    "read_pipeline_spec",
    "resolve_configuration",
]
