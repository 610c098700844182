"""Schemas of tables, as YAML in pandera's format.

pandera ignores unknown keys, so a misspelled `checks` would check nothing. Here, a schema with an
unknown key is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from pandera.errors import SchemaDefinitionError
from pandera.io.pandas_io import deserialize_schema
from pandera.pandas import Check, DataFrameSchema

_TABLE_KEYS = frozenset(
    {
        "add_missing_columns",
        "api",
        "checks",
        "coerce",
        "columns",
        "description",
        "drop_invalid_rows",
        "dtype",
        "index",
        "metadata",
        "multiindex",
        "name",
        "ordered",
        "report_duplicates",
        "schema_type",
        "strict",
        "title",
        "unique",
        "unique_column_names",
        "version",
    }
)  # fmt: skip - one name a line would hide the module
_COLUMN_KEYS = frozenset(
    {
        "checks",
        "coerce",
        "default",
        "description",
        "drop_invalid_rows",
        "dtype",
        "name",
        "nullable",
        "regex",
        "report_duplicates",
        "required",
        "title",
        "unique",
    }
)  # fmt: skip - as above


class InvalidSchemaError(ValueError):
    """A schema isn't valid YAML, or has a key that wouldn't be checked."""

    def __init__(self, problem: str) -> None:
        """Describe the problem."""
        super().__init__(f"The schema cannot be used: {problem} Correct the schema's file.")


def read_schema(text: str) -> DataFrameSchema:
    """Read a schema.

    Args:
        text: YAML in pandera's format.

    Returns:
        The schema.

    Raises:
        InvalidSchemaError: The string isn't valid YAML, has an unknown key, or has no columns.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidSchemaError(f"it is not valid YAML ({error}).") from None
    if not isinstance(document, Mapping) or not document.get("columns"):
        raise InvalidSchemaError("it does not define `columns`.")
    _require_known(document, _TABLE_KEYS, "the table")
    for name, column in _columns(document["columns"]):
        _require_known(column, _COLUMN_KEYS | set(Check.CHECK_FUNCTION_REGISTRY), f"`{name}`")
    try:
        return deserialize_schema(document)
    except (AttributeError, TypeError, ValueError, SchemaDefinitionError) as error:
        raise InvalidSchemaError(f"pandera rejects it ({error}).") from None


def make_key_schema(key: str) -> str:
    """Return a schema that accepts each table whose rows all have a value in the column `key`."""
    return yaml.safe_dump({"columns": {key: {"nullable": False}}}, allow_unicode=True)


def _columns(columns: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Return each column with its name. pandera accepts a mapping or a list."""
    if isinstance(columns, Mapping):
        return [(str(name), column or {}) for name, column in columns.items()]
    return [(str(column.get("name")), column) for column in columns]


def _require_known(found: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(set(found) - set(known))
    if unknown:
        listed = ", ".join(f"`{key}`" for key in unknown)
        raise InvalidSchemaError(f"unknown key {listed} in {where}. Put checks under `checks`.")
