"""What runs: the compiled pipeline, and the configuration that takes effect."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kfpkit.compiler import compile_pipeline
from kfpkit.configuration import (
    EffectiveConfiguration,
    Given,
    load_parameter_model,
    resolve_configuration,
)
from kfpkit.loading import load_pipeline
from kfpkit.project import Project
from kfpkit.scratch import temporary_folder
from kfpkit.specification import Specification, read_specification

_YAML = {".yaml", ".yml"}


def specify(
    pipeline: Path, name: str | None, given: Given, project: Project
) -> tuple[Specification, EffectiveConfiguration]:
    """Compile a pipeline, and check the configuration of its run.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, where a Python file defines several.
        given: What is given for the run.
        project: The project.

    Returns:
        The specification and the configuration.

    Raises:
        InvalidConfigurationError: The configuration has faults.
        LoadError: The pipeline cannot be loaded.
    """
    with _compiled(pipeline, name) as file:
        specification = read_specification(file, containers=given.settings.containers)
    model = load_parameter_model(pipeline)
    effective = resolve_configuration(given, specification.spec, project=project, model=model)
    return specification, effective


@contextlib.contextmanager
def _compiled(pipeline: Path, name: str | None) -> Iterator[Path]:
    """Have a pipeline's compiled file until the context ends."""
    if pipeline.suffix in _YAML and not pipeline.is_dir():
        yield pipeline
        return
    with temporary_folder("run") as folder:
        yield compile_pipeline(load_pipeline(pipeline, name), folder / "pipeline.yaml")
