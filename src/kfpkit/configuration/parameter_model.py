"""The pydantic model of a pipeline's parameters, which its author may write beside the pipeline.

A pipeline's folder may have a file `parameters.py` with a class `Parameters`. It says what types
can't: ranges, choices, patterns, and how parameters depend on each other. It is checked on the
author's machine and imports nothing that an environment provides.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kfpkit.configuration.given import Origin
from kfpkit.configuration.references import show_value
from kfpkit.errors import ConfigurationFault, ParameterModelError
from kfpkit.loading import load_module
from kfpkit.place import Place
from kfpkit.project import find_project
from kfpkit.wording import find_nearest, quote_all

FILE = "parameters.py"
CLASS = "Parameters"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class ParameterModel:
    """A model of a pipeline's parameters.

    Args:
        file: The file that defines it.
        model: The class.
    """

    file: Path
    model: type[BaseModel]

    @functools.cached_property
    def fields(self) -> Mapping[str, FieldInfo]:
        """The fields by the names of their parameters."""
        return {
            field.validation_alias if isinstance(field.validation_alias, str) else name: field
            for name, field in self.model.model_fields.items()
        }

    def check(
        self, values: Mapping[str, Any], origins: Mapping[str, Origin], faulty: Collection[str]
    ) -> list[ConfigurationFault]:
        """Check the values that a run gets, together with the pipeline's defaults.

        Args:
            values: The values by name.
            origins: Where they come from.
            faulty: Parameters that have faults already. Rules between parameters are not checked if
                there are any.
        """
        known = {name: values[name] for name in self.fields if name in values}
        try:
            self.model.model_validate(
                {name: value for name, value in known.items() if name not in faulty}
            )
        except ValidationError as error:
            problems = [dict(problem) for problem in error.errors(include_url=False)]
        except Exception as error:  # noqa: BLE001 - it is the author's code
            return [self._blame(error)]
        else:
            return []
        return [
            self._make_fault(problem, origins)
            for problem in problems
            if (problem["loc"] or not faulty) and not _is_reported(problem, values, faulty)
        ]

    def find_mismatches(self, defaults: Mapping[str, Any]) -> list[ConfigurationFault]:
        """Find fields without a parameter of the pipeline, and defaults that differ from its own.

        Args:
            defaults: The pipeline's parameters with their defaults, `...` for those without one.
        """
        faults = []
        for name, field in self.fields.items():
            problem = _find_mismatch(name, field, defaults)
            if problem is not None:
                place = Place(self.file, self._lines.get(name))
                faults.append(ConfigurationFault(where=place, problem=problem, key=(name,)))
        return faults

    def _make_fault(
        self, problem: Mapping[str, Any], origins: Mapping[str, Origin]
    ) -> ConfigurationFault:
        keys = tuple(str(key) for key in problem["loc"])
        message = str(problem["msg"]).removeprefix("Value error, ").removesuffix(".")
        # A rule between parameters names them in its message, or else it is the model's.
        name = (
            keys[0]
            if keys
            else next((word for word in _WORD.findall(message) if word in origins), None)
        )
        origin = origins.get(name or "", Origin(place=Place(self.file, self._lines.get(CLASS))))
        if origin.place is None and origin.name == "default":
            origin = Origin(place=Place(self.file, self._lines.get(name or CLASS)))
        if keys:
            message = f"`{'.'.join(keys)}` is {show_value(keys[-1], problem['input'])}: {message}"
        return ConfigurationFault(
            where=origin.place or str(origin), problem=message, key=("parameters", *keys)
        )

    def _blame(self, error: Exception) -> ConfigurationFault:
        """Return the fault for an error in a validator, at the author's line."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if Path(frame.filename) == self.file.resolve()]
        place = Place(self.file, lines[-1] if lines else self._lines.get(CLASS))
        problem = f"a validator failed: {type(error).__name__}: {error}"
        return ConfigurationFault(where=place, problem=problem)

    @functools.cached_property
    def _lines(self) -> Mapping[str, int]:
        """The lines of the class and of its fields."""
        for node in ast.parse(self.file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name == CLASS:
                fields = {
                    each.target.id: each.lineno
                    for each in node.body
                    if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                }
                return {CLASS: node.lineno, **fields}
        return {}


def load_parameter_model(pipeline: Path) -> ParameterModel | None:
    """Load the model of a pipeline's parameters.

    Args:
        pipeline: The pipeline's folder, or a file `pipeline.py` in it.

    Returns:
        The model. None if the folder has no `parameters.py`, or one without pydantic models.

    Raises:
        LoadError: The file fails during import.
        ParameterModelError: It defines models, but none called `Parameters`.
    """
    folder = pipeline if pipeline.is_dir() else pipeline.parent
    file = folder / FILE
    if not file.is_file() or not (pipeline.is_dir() or pipeline.name == "pipeline.py"):
        return None
    module = load_module(file, find_project(file))
    found = vars(module).get(CLASS)
    if inspect.isclass(found) and issubclass(found, BaseModel):
        return ParameterModel(file=file, model=found)
    others = [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, BaseModel)
        and value.__module__ == module.__name__
    ]
    if found is not None or others:
        raise ParameterModelError(file=file, models=others)
    return None


def _is_reported(
    problem: Mapping[str, Any], values: Mapping[str, Any], faulty: Collection[str]
) -> bool:
    """Return whether another fault says the same: a missing parameter is the pipeline's to miss."""
    name = str(problem["loc"][0]) if problem["loc"] else ""
    return problem["type"] == "missing" and (name in faulty or name not in values)


def _find_mismatch(name: str, field: FieldInfo, defaults: Mapping[str, Any]) -> str | None:
    if name not in defaults:
        near = find_nearest(name, defaults)
        advice = f"did you mean `{near}`?" if near else f"it has {quote_all(defaults)}"
        return f"`{name}` is not a parameter of the pipeline; {advice}"
    if field.default is PydanticUndefined:
        return None
    own = TypeAdapter(Any).dump_python(field.default, mode="json")
    if own == defaults[name]:
        return None
    theirs = "no default" if defaults[name] is ... else f"the default {defaults[name]!r}"
    return (
        f"`{name}` has the default {own!r} here, and the pipeline has {theirs}, which counts; "
        "remove the default here"
    )
