"""The configuration file of a local run.

parameters: {rows: 500}               # the pipeline's parameters
caching: true                         # tasks that have not changed are skipped
emulators: [bigquery, storage]        # servers that stand in for Google Cloud
environment_variables: {LEVEL: debug} # for every task
max_parallel: 2                       # tasks at once; the number of processors by default
task_timeout: 30m                     # a task that takes longer fails
containers: false                     # tasks run in their images, not in virtual environments
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kfpkit.durations import parse_duration
from kfpkit.errors import InvalidConfigError, MissingConfigError
from kfpkit.local.launching import count_processors
from kfpkit.wording import find_nearest, quote_all


def _read_duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


class Configuration(BaseModel):
    """The configuration of a local run.

    Args:
        parameters: Values for the pipeline's parameters.
        caching: Whether to skip a task that hasn't changed since an earlier run.
        emulators: The services that emulators replace.
        environment_variables: Environment variables for every task.
        max_parallel: The number of parallel tasks.
        task_timeout: The time limit of a task, in seconds or as a string with a unit. A task's own
            limit (`kubernetes.set_timeout`) overrides it.
        containers: Whether each task runs in a container of its image.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: dict[str, Any] = Field(default_factory=dict)
    caching: bool = True
    emulators: tuple[Literal["bigquery", "storage"], ...] = ()
    environment_variables: dict[str, str] = Field(default_factory=dict)
    max_parallel: int = Field(default_factory=count_processors, ge=1)
    task_timeout: Annotated[float, Field(gt=0), BeforeValidator(_read_duration)] | None = None
    containers: bool = False


def find_configuration(name: Path, pipeline: Path) -> Path:
    """Find a configuration file by its path, or next to the pipeline.

    Args:
        name: The file, relative to the working directory or to the pipeline's folder.
        pipeline: The pipeline's folder or file.

    Returns:
        The file.

    Raises:
        MissingConfigError: The file doesn't exist in either place.
    """
    folder = pipeline if pipeline.is_dir() else pipeline.parent
    for candidate in (name, folder / name):
        if candidate.is_file():
            return candidate
    beside = sorted(file.name for file in folder.glob("*.y*ml")) if folder.is_dir() else []
    raise MissingConfigError(file=folder / name, beside=beside)


def read_configuration(file: Path) -> Configuration:
    """Read and check a configuration file.

    Args:
        file: A YAML file.

    Returns:
        The configuration, with defaults for missing keys.

    Raises:
        InvalidConfigError: It isn't a YAML mapping, or contains an unknown key or an invalid value.
    """
    try:
        text = file.read_text(encoding="utf-8")
        values = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidConfigError(file=file, problems=[str(error)]) from None
    if values is None:
        return Configuration()
    if not isinstance(values, dict):
        raise InvalidConfigError(file=file, problems=["it does not contain keys with values"])
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        lines = _map_lines(yaml.compose(text))
        problems = [_explain(dict(fault), lines) for fault in error.errors()]
        raise InvalidConfigError(file=file, problems=problems) from None


def _explain(fault: dict[str, Any], lines: dict[tuple[str, ...], int]) -> str:
    keys = tuple(str(key) for key in fault["loc"])
    known = [keys[:length] for length in range(len(keys), 0, -1) if keys[:length] in lines]
    place = f"line {lines[known[0]]}: " if known else ""
    name = ".".join(keys)
    if fault["type"] != "extra_forbidden":
        return f"{place}`{name}`: {fault['msg']}"
    near = find_nearest(name, Configuration.model_fields)
    listed = quote_all(Configuration.model_fields)
    advice = f"did you mean `{near}`?" if near else f"the keys are {listed}."
    return f"{place}`{name}` is not a valid key; {advice}"


def _map_lines(node: Any, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """Map each key, as a path from the top, to its line in the file."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    lines: dict[tuple[str, ...], int] = {}
    for key, value in node.value:
        path = (*above, str(key.value))
        lines[path] = key.start_mark.line + 1
        lines.update(_map_lines(value, path))
    return lines
