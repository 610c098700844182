"""Filters of lists, in the form of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

Predicate: TypeAlias = Mapping[str, Any]
"""A condition on a field."""


def make_filter(*predicates: Predicate) -> str:
    """Return the filter for resources that meet all conditions. Empty without conditions.

    Args:
        *predicates: The conditions.
    """
    return json.dumps({"predicates": predicates}) if predicates else ""


def equals(key: str, value: str) -> Predicate:
    """Return the condition that a field has a value.

    Args:
        key: The name of the field.
        value: The value.
    """
    return {"operation": "EQUALS", "key": key, "stringValue": value}


def contains(key: str, part: str) -> Predicate:
    """Return the condition that a field contains a part. `%` and `_` stand for any characters.

    Args:
        key: The name of the field.
        part: The part.
    """
    return {"operation": "IS_SUBSTRING", "key": key, "stringValue": part}


def is_one_of(key: str, values: Sequence[str]) -> Predicate:
    """Return the condition that a field has one of several values.

    Args:
        key: The name of the field.
        values: The values.
    """
    return {"operation": "IN", "key": key, "stringValues": {"values": list(values)}}


def is_since(key: str, time: datetime) -> Predicate:
    """Return the condition that a time is not before another. The server has whole seconds.

    Args:
        key: The name of the field.
        time: The other time.
    """
    return {
        "operation": "GREATER_THAN_EQUALS",
        "key": key,
        "timestampValue": _write(time.replace(microsecond=0)),
    }


def is_before(key: str, time: datetime) -> Predicate:
    """Return the condition that a time is before another. The server has whole seconds.

    Args:
        key: The name of the field.
        time: The other time.
    """
    whole = time.replace(microsecond=0)
    until = whole + timedelta(seconds=1) if time.microsecond else whole
    return {"operation": "LESS_THAN", "key": key, "timestampValue": _write(until)}


def _write(time: datetime) -> str:
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
