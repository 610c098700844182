"""JSON rows: BigQuery ignores the case of their fields, and requires them in the schema.

The package drops fields that the schema lacks, and treats `id` and `ID` as two fields. Fields
within records are not checked.
"""

from __future__ import annotations

from typing import Any

from local_bigquery.errors import BigQueryError
from local_bigquery.jobs import load

from .refusals import not_emulated


def install() -> None:
    """Check the rows' fields before they are read."""
    read = load._reader

    def look(cursor: Any, files: str, config: Any, fields: Any) -> Any:
        if config.sourceFormat == "NEWLINE_DELIMITED_JSON" and fields:
            found = _find_fields(cursor, files)
            if not config.ignoreUnknownValues:
                _check(found, config, fields)
            fields = [_spell(field, found) for field in fields]
        return read(cursor, files, config, fields)

    load._reader = look


def _find_fields(cursor: Any, files: str) -> list[str]:
    rows = f"read_json_objects({files}, format='newline_delimited')"
    keys = f"SELECT DISTINCT unnest(json_keys(json)) FROM {rows} ORDER BY ALL"
    return [key for (key,) in cursor.sql(keys).fetchall()]


def _check(found: list[str], config: Any, fields: Any) -> None:
    known = {field.name.casefold() for field in fields}
    unknown = [key for key in found if key.casefold() not in known]
    if not unknown:
        return
    if config.maxBadRecords:
        what = "`max_bad_records` where rows have fields that the schema lacks"
        raise not_emulated(what, "Ignore unknown values, or leave these fields out.")
    cause = f"JSON parsing error: No such field: {unknown[0]}."
    raise BigQueryError("invalid", f"Error while reading data, error message: {cause}")


def _spell(field: Any, found: list[str]) -> Any:
    """Return a field with its spelling in the rows."""
    names = [key for key in found if key.casefold() == field.name.casefold()]
    if len(names) > 1:
        what = f"A field of JSON rows in several spellings, `{'` and `'.join(names)}`"
        raise not_emulated(what, "Use one spelling.")
    return field.replace(name=names[0]) if names else field
