"""Checks all configuration files of a project's pipelines at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kfpkit.configuration.effective import find_faults
from kfpkit.configuration.finding import list_configurations
from kfpkit.configuration.given import Given, collect_given
from kfpkit.configuration.model import Configuration
from kfpkit.configuration.parameter_model import FILE, ParameterModel, load_parameter_model
from kfpkit.errors import AmbiguousPipelineError, ConfigurationFault, KfpkitError
from kfpkit.loading import find_pipelines, load_pipeline
from kfpkit.place import Place
from kfpkit.project import Project, find_project
from kfpkit.specification import PipelineSpec, read_specification

_YAML = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A configuration file that has been checked.

    Args:
        file: The file.
        faults: Its faults.
        needs: The parameters that it leaves to environment variables and options.
    """

    file: Path
    faults: tuple[ConfigurationFault, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckedPipeline:
    """A pipeline whose configuration files have been checked.

    Args:
        source: The pipeline's folder or file.
        name: Its name. None if it can't be loaded.
        files: Its configuration files.
        faults: Faults that concern no file: the pipeline can't be loaded, or its model doesn't fit.
    """

    source: Path
    name: str | None = None
    files: tuple[CheckedFile, ...] = ()
    faults: tuple[ConfigurationFault, ...] = ()

    @property
    def all_faults(self) -> tuple[ConfigurationFault, ...]:
        """The faults of the pipeline and its files."""
        return (*self.faults, *(fault for file in self.files for fault in file.faults))


def read_pipeline_spec(pipeline: Path, name: str | None = None) -> PipelineSpec:
    """Return the specification of a pipeline.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, where a Python file defines several.

    Raises:
        LoadError: The pipeline can't be loaded.
        InvalidPipelineFileError: The YAML file isn't a compiled pipeline.
    """
    if pipeline.suffix in _YAML and not pipeline.is_dir():
        return read_specification(pipeline, containers=True).spec
    return load_pipeline(pipeline, name).pipeline_spec


def find_configured_pipelines(project: Project) -> list[Path]:
    """Find the pipelines of a project that have a configuration file or a model of parameters.

    Args:
        project: The project.

    Raises:
        NoPipelinesError: The project has no pipeline.
    """
    return [
        found
        for found in find_pipelines(project.root)
        if (list_configurations(found) or (found / FILE).is_file())
        and find_project(found).root == project.root
    ]


def check_pipelines(
    pipelines: Sequence[Path], name: str | None = None
) -> Iterator[CheckedPipeline]:
    """Check the configuration files of pipelines, without environment variables and options.

    A pipeline that can't be loaded is a fault too, so that it doesn't hide those of others.

    Args:
        pipelines: Folders with a `pipeline.py`, or Python files.
        name: The pipeline function's name, where a file defines several. Without it, a file has to
            fit one of them.
    """
    for source in pipelines:
        yield _check_source(source, name)


def _check_source(source: Path, name: str | None) -> CheckedPipeline:
    try:
        return _check(source, name)
    except AmbiguousPipelineError as error:
        checked = [_check_source(source, each) for each in error.names]
        return min(checked, key=lambda each: len(each.all_faults))
    except KfpkitError as error:
        fault = ConfigurationFault(where=Place(source), problem=str(error))
        return CheckedPipeline(source=source, faults=(fault,))


def _check(source: Path, name: str | None) -> CheckedPipeline:
    spec = read_pipeline_spec(source, name)
    model = load_parameter_model(source)
    project = find_project(source)
    files = list_configurations(source)
    empty = Given(settings=Configuration())
    own = [] if files else find_faults(empty, spec, project=project, model=model)
    return CheckedPipeline(
        source=source,
        name=spec.pipeline_info.name,
        files=tuple(_check_file(file, source, spec, model, project) for file in files),
        faults=tuple(own),
    )


def _check_file(
    file: Path, source: Path, spec: PipelineSpec, model: ParameterModel | None, project: Project
) -> CheckedFile:
    given = collect_given(file, pipeline=source, variables={})
    faults = find_faults(given, spec, project=project, model=model)
    values = {value.name for value in (*given.values, *given.faulty)}
    declared = spec.root.input_definitions.parameters
    needs = (
        name
        for name, parameter in sorted(declared.items())
        if not (name in values or parameter.is_optional or parameter.HasField("default_value"))
    )
    return CheckedFile(file=file, faults=tuple(faults), needs=tuple(needs))
