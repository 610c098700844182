"""The meaning of filters: which fields a list has, and how SQL compares them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..names import write_time
from ..refusals import invalid
from .syntax import Call, Join, Restriction, Tree

_EQUALITY = frozenset({"=", "!="})
_ORDER = frozenset({"=", "!=", "<", "<=", ">", ">="})
_SQL = {"=": "IS", "!=": "IS NOT", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field by which a list can be filtered.

    Args:
        kind: `text`, `time`, `map` (its keys are fields), or `values` (a `Struct`, whose keys have
            fields for the types of their values).
        operators: The operators that it has.
        words: The values as they are stored, by their names in filters: the numbers of an enum.
    """

    kind: str = "text"
    operators: frozenset[str] = _EQUALITY
    words: Mapping[str, Any] = field(default_factory=dict)


TEXT = Field()
PATTERN = Field(operators=_EQUALITY | {":"})
TIME = Field(kind="time", operators=_ORDER)
MAP = Field(kind="map", operators=_EQUALITY | {":"})
VALUES = Field(kind="values", operators=_ORDER)
_TYPES = {"string_value", "number_value", "bool_value"}


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The fields and functions of a list.

    Args:
        fields: The fields, by their names in snake_case with dots.
        functions: The conditions that functions stand for, by name. Each gets the function's
            values, and returns SQL with its values.
        links: The conditions of fields with the names of other resources, by field.
    """

    fields: Mapping[str, Field]
    functions: Mapping[str, Callable[..., tuple[str, list[Any]]]] = field(default_factory=dict)
    links: Mapping[str, Callable[[str], tuple[str, list[Any]]]] = field(default_factory=dict)


def write_condition(tree: Tree | None, fields: Fields) -> tuple[str, list[Any]]:
    """Return a filter as a condition of SQL, with its values.

    Raises:
        RefusedError: A field or a function doesn't exist, or can't be compared like this.
    """
    if tree is None:
        return "1", []
    if isinstance(tree, Join):
        return _write_join(tree, fields)
    if isinstance(tree, Call):
        if tree.name not in fields.functions:
            raise invalid(f"Invalid filter: the function `{tree.name}` is not supported.")
        return fields.functions[tree.name](*tree.values)
    return _write_restriction(tree, fields)


def _write_join(tree: Join, fields: Fields) -> tuple[str, list[Any]]:
    parts = [write_condition(part, fields) for part in tree.parts]
    values = [value for _, each in parts for value in each]
    if tree.word == "NOT":
        return f"(NOT coalesce({parts[0][0]}, 0))", values
    return "(" + f" {tree.word} ".join(text for text, _ in parts) + ")", values


def _write_restriction(found: Restriction, fields: Fields) -> tuple[str, list[Any]]:
    link = fields.links.get(_to_snake_case(".".join(found.field)))
    if link is not None and found.operator == ":":
        return link(found.value)
    path, declared = _find_field(found, fields)
    shown = ".".join(found.field)
    if declared.kind == "map":
        return _write_map(found, path, declared)
    if found.operator not in declared.operators:
        wanted = " ".join(sorted(declared.operators))
        raise invalid(f"Invalid filter: `{shown}` supports {wanted}, and not `{found.operator}`.")
    column = "json_extract(fields, ?)"
    if found.operator == ":":
        return f"{column} GLOB ?", [path, _make_glob(found.value)]
    value = _read_value(found, declared)
    return f"{column} {_SQL[found.operator]} ?", [path, value]


def _find_field(found: Restriction, fields: Fields) -> tuple[str, Field]:
    """Return the place of a field in the stored JSON, and its declaration."""
    names = tuple(_to_snake_case(part) for part in found.field)
    whole = ".".join(names)
    if whole in fields.fields:
        return _write_path(whole.split(".")), fields.fields[whole]
    declared = fields.fields.get(names[0])
    if declared and declared.kind == "map":
        return _write_path([names[0], ".".join(found.field[1:])]), declared
    if declared and declared.kind == "values" and names[-1] in _TYPES and len(names) > 2:  # noqa: PLR2004 - field, key, type
        return _write_path([names[0], *found.field[1:-1]]), declared
    known = ", ".join(f"`{name}`" for name in sorted(fields.fields))
    shown = ".".join(found.field)
    raise invalid(f"Invalid filter: `{shown}` is not a supported field. Supported: {known}.")


def _write_map(found: Restriction, path: str, declared: Field) -> tuple[str, list[Any]]:
    """Return the condition on a key of a map, or on its presence."""
    if len(found.field) == 1:  # labels:key
        if found.operator != ":":
            raise invalid(f'Invalid filter: name a key, as in `{found.field[0]}.KEY = "VALUE"`.')
        place = _write_path([_to_snake_case(found.field[0]), found.value])
        return "json_extract(fields, ?) IS NOT NULL", [place]
    if not found.operator or (found.operator == ":" and found.value == "*"):
        return "json_extract(fields, ?) IS NOT NULL", [path]
    if found.operator not in declared.operators:
        raise invalid(f"Invalid filter: `{found.operator}` cannot compare labels.")
    if found.operator == ":":
        return "json_extract(fields, ?) GLOB ?", [path, _make_glob(found.value)]
    return f"json_extract(fields, ?) {_SQL[found.operator]} ?", [path, found.value]


def _read_value(found: Restriction, declared: Field) -> Any:
    shown = ".".join(found.field)
    if declared.kind == "time":
        try:
            moment = dt.datetime.fromisoformat(found.value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise invalid(f"Invalid filter: `{shown}` needs a time in RFC 3339 format.")
        return write_time(moment)
    if declared.words:
        known = {**declared.words, **{str(value): value for value in declared.words.values()}}
        if found.value not in known:
            raise invalid(f"Invalid filter: `{found.value}` is not a value of `{shown}`.")
        return known[found.value]
    if declared.kind == "values" and not found.quoted:
        return _read_scalar(found.value)
    return found.value


def _read_scalar(text: str) -> Any:
    if text in {"true", "false"}:
        return int(text == "true")
    try:
        return float(text)
    except ValueError:
        return text


def _make_glob(pattern: str) -> str:
    """Return SQLite's pattern for one in which only `*` has a meaning."""
    return re.sub(r"[?\[]", lambda mark: f"[{mark[0]}]", pattern)


def _write_path(parts: list[str]) -> str:
    if any('"' in part for part in parts):
        raise invalid("Invalid filter: a key contains a quotation mark.")
    return "$" + "".join(f'."{part}"' for part in parts)


def _to_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)
