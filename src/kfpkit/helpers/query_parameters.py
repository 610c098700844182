"""Typed parameters of queries in BigQuery. Values never become part of the SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from google.cloud import bigquery

_INFERRED = {bool: "BOOL", int: "INT64", float: "FLOAT64", str: "STRING"}
_TYPE_KEYS = frozenset({"type", "value"})
_NESTED = re.compile(r"(ARRAY|STRUCT)<(.*)>", re.IGNORECASE | re.DOTALL)
_FIELD = re.compile(r"\s*(\w+)\s+(.+?)\s*", re.DOTALL)


def query_parameters(values: Mapping[str, Any]) -> list[Any]:
    """Return named query parameters with their types.

    Args:
        values: A value for each `@name` in the SQL. Its type is inferred (BOOL, INT64, FLOAT64,
            STRING, STRUCT for an object, and ARRAY for a list that isn't empty), or is declared
            with it, as in `{"type": "DATE", "value": "2024-05-01"}` and
            `{"type": "ARRAY<STRUCT<id INT64, name STRING>>", "value": []}`.

    Returns:
        The parameters in the client's form.

    Raises:
        ValueError: A type can't be inferred, or a value doesn't have the form of its type.
    """
    return [_query_parameter(name, value) for name, value in values.items()]


def _query_parameter(name: str, value: Any) -> Any:
    kind, content = _typed(name, value)
    return _parameter(name, name, kind, content)


def _parameter(path: str, name: str | None, kind: str, value: Any) -> Any:
    nested = _NESTED.fullmatch(kind)
    if nested is None:
        return bigquery.ScalarQueryParameter(name, kind, _converted(kind, value))
    outer, inner = nested[1].upper(), nested[2].strip()
    if outer == "STRUCT":
        return _struct(path, name, inner, value)
    if not isinstance(value, list):
        raise ValueError(  # noqa: TRY004 - the parameter is wrong, not the call
            f"The query parameter `{path}` is an {kind}, but its value {value!r} is not a list. "
            "Write `[]` for an array without elements."
        )
    if _NESTED.fullmatch(inner) is None:
        return bigquery.ArrayQueryParameter(name, inner, [_converted(inner, one) for one in value])
    elements = [_parameter(f"{path}[{n}]", None, inner, one) for n, one in enumerate(value)]
    described = _parameter_type(path, inner)
    return bigquery.ArrayQueryParameter(name, described, elements)


def _struct(path: str, name: str | None, fields: str, value: Any) -> Any:
    kinds = dict(_fields(path, fields))
    if not isinstance(value, Mapping) or set(value) != set(kinds):
        listed = ", ".join(f"`{field}`" for field in kinds)
        raise ValueError(
            f"The query parameter `{path}` is a STRUCT, but its value {value!r} is not an object "
            f"with the keys {listed}. Give a value for each; null is possible for fields that are "
            "neither ARRAY nor STRUCT."
        )
    parts = [_parameter(f"{path}.{field}", field, kinds[field], value[field]) for field in kinds]
    return bigquery.StructQueryParameter(name, *parts)


def _parameter_type(path: str, kind: str) -> Any:
    """Return a STRUCT type for an array, which may have no element to take it from."""
    nested = _NESTED.fullmatch(kind)
    if nested is None:
        return bigquery.ScalarQueryParameterType(kind)
    if nested[1].upper() == "ARRAY":
        raise ValueError(
            f"The query parameter `{path}` is an array of arrays, which BigQuery does not have. "
            "Put the inner array into a STRUCT."
        )
    fields = [
        _parameter_type(path, each).with_name(name) for name, each in _fields(path, nested[2])
    ]
    return bigquery.StructQueryParameterType(*fields)


def _fields(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of `name TYPE, name TYPE`, whose types may contain commas."""
    depth, start = 0, 0
    for position, character in enumerate(f"{text},"):
        depth += (character == "<") - (character == ">")
        if character == "," and depth == 0:
            field = _FIELD.fullmatch(text[start:position])
            if field is None:
                raise ValueError(
                    f"The type of the query parameter `{path}` has the field "
                    f"`{text[start:position].strip()}`. Write a name and a type, as in "
                    "`STRUCT<id INT64, name STRING>`."
                )
            yield field[1], field[2] if _NESTED.fullmatch(field[2]) else field[2].upper()
            start = position + 1


def _typed(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, Mapping) and set(value) == _TYPE_KEYS and isinstance(value["type"], str):
        kind = " ".join(value["type"].split())
        return (kind if "STRUCT" in kind.upper() else kind.upper().replace(" ", "")), value["value"]
    inferred = _inferred(value)
    if inferred is None:
        raise ValueError(
            f"The type of the query parameter `{name}` cannot be inferred from {value!r}. "
            'Write it beside the value, as in `{"type": "DATE", "value": "2024-05-01"}`.'
        )
    return inferred, value


def _inferred(value: Any) -> str | None:
    if isinstance(value, Mapping):
        kinds = {field: _inferred(one) for field, one in value.items()}
        # `type` alone is more likely a declaration that lacks its value than a field.
        if not kinds or None in kinds.values() or set(kinds) == {"type"}:
            return None
        return "STRUCT<" + ", ".join(f"{field} {kind}" for field, kind in kinds.items()) + ">"
    if not isinstance(value, list):
        return _INFERRED.get(type(value))
    of = {_inferred(one) for one in value}
    # KFP keeps no difference between 5 and 5.0, so a list may hold both.
    of = {"FLOAT64"} if of == {"INT64", "FLOAT64"} else of
    inner = next(iter(of), None)
    is_plain = len(of) == 1 and inner is not None and not inner.startswith("ARRAY<")
    return f"ARRAY<{inner}>" if is_plain else None


def _converted(kind: str, value: Any) -> Any:
    """Restore a value's type: KFP turns 5.0 into 5, and a pipeline's number may be a string."""
    if value is None:
        return None
    convert = {"FLOAT64": float, "INT64": int}.get(kind.upper())
    return value if convert is None else convert(value)
