"""The keys of a configuration file, with their types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    WithJsonSchema,
)

from kfpkit.configuration.documents import Document
from kfpkit.configuration.references import is_reference_form, show_value
from kfpkit.durations import DURATION, parse_duration
from kfpkit.errors import ConfigurationFault
from kfpkit.wording import find_nearest, quote_all

LOCAL: dict[str, Any] = {"applies": "local"}
"""Marks a key that only runs on this machine use."""


_DURATION = WithJsonSchema(
    {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": DURATION}]}
)


def _read_duration(value: Any) -> Any:
    return parse_duration(value) if isinstance(value, str) else value


class Configuration(BaseModel):
    """The configuration of a run.

    Args:
        parameters: Values for the pipeline's parameters.
        caching: Whether to skip a task that hasn't changed since an earlier run.
        emulators: The services to emulate with local servers: `bigquery`, `storage`, `vertex`.
            The others include `storage`.
        environment_variables: Variables that every task sees. A task's own variables
            (`set_env_variable`) take precedence.
        max_parallel: How many tasks run in parallel. By default, as many as there are processors
            that kfpkit may use.
        task_timeout: The time after which a task fails: seconds, or a number with `s`, `m`, `h` or
            `d`. A task's own limit (`kubernetes.set_timeout`) takes precedence.
        containers: Whether each task runs in a container of its image, as with `--containers`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: dict[str, Any] = Field(default_factory=dict)
    caching: StrictBool = True
    emulators: Annotated[
        tuple[Literal["bigquery", "storage", "vertex"], ...], Field(json_schema_extra=LOCAL)
    ] = ()
    environment_variables: dict[str, str] = Field(default_factory=dict, json_schema_extra=LOCAL)
    max_parallel: Annotated[
        Annotated[StrictInt, Field(ge=1)] | None, Field(json_schema_extra=LOCAL)
    ] = None
    task_timeout: Annotated[
        Annotated[float, Field(gt=0), BeforeValidator(_read_duration), _DURATION] | None,
        Field(json_schema_extra=LOCAL),
    ] = None
    containers: Annotated[StrictBool, Field(json_schema_extra=LOCAL)] = False


KEYS = tuple(Configuration.model_fields)
"""The keys at the top of a configuration file."""


def read_settings(document: Document) -> tuple[Configuration, list[ConfigurationFault]]:
    """Return the configuration that a file holds, and the faults of its keys.

    Args:
        document: The file.

    Returns:
        The configuration, with defaults for missing keys and for those with faults, and the faults.
    """
    # `parameters:` with nothing below it has none.
    given = {key: value for key, value in document.values.items() if value is not None}
    # A value with a fault is missing from the values, and its key may be wrong too.
    faults = [
        ConfigurationFault(
            where=document.find_place(keys), problem=_explain_unknown(keys[0]), key=keys
        )
        for keys in document.lines
        if len(keys) == 1 and keys[0] not in KEYS and keys[0] not in given
    ]
    try:
        return Configuration.model_validate(given), faults
    except ValidationError as error:
        problems: list[dict[str, Any]] = [dict(problem) for problem in error.errors()]
    faults += [_make_fault(problem, document) for problem in problems]
    wrong = {str(problem["loc"][0]) for problem in problems}
    sound = {key: value for key, value in given.items() if key not in wrong}
    return Configuration.model_validate(sound), faults


def _make_fault(problem: dict[str, Any], document: Document) -> ConfigurationFault:
    keys = tuple(str(key) for key in problem["loc"])
    name = ".".join(keys)
    place = document.find_place(keys)
    if problem["type"] == "extra_forbidden":
        text = _explain_unknown(name)
    elif keys[0] == "environment_variables" and is_reference_form(problem["input"]):
        text = f"`{name}` cannot refer to a secret; pass its name in a parameter, and read it in "
        text += "the component with `kfpkit.helpers.secrets.read_secret`"
    else:
        message = problem["msg"].removeprefix("Value error, ")
        shown = show_value(keys[-1], problem["input"])
        text = f"`{name}` is {shown}: {message[0].lower()}{message[1:]}"
    return ConfigurationFault(where=place, problem=text, key=keys)


def _explain_unknown(name: str) -> str:
    near = find_nearest(name, KEYS)
    advice = f"did you mean `{near}`?" if near else f"the keys are {quote_all(KEYS)}"
    return f"`{name}` is not a valid key; {advice}"
