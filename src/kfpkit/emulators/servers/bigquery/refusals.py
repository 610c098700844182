"""Refuses features that the emulator would get wrong, and names an alternative."""

from __future__ import annotations

from typing import Any

from local_bigquery.catalog import row_access
from local_bigquery.errors import BigQueryError
from local_bigquery.jobs import load

# Options of a load job that change what is loaded, and that the package does not look at.
_IGNORED = (
    "columnNameCharacterMap",
    "dateFormat",
    "datetimeFormat",
    "decimalTargetTypes",
    "jsonExtension",
    "nullMarkers",
    "projectionFields",
    "referenceFileSchemaUri",
    "schemaInline",
    "sourceColumnMatch",
    "timeFormat",
    "timeZone",
    "timestampFormat",
)


def not_emulated(what: str, instead: str) -> BigQueryError:
    """Return the error for a missing feature. Clients don't retry the request."""
    return BigQueryError("notImplemented", f"{what}: not emulated. {instead}")


def install() -> None:
    """Refuse row access policies, and load jobs with options that would have no effect."""
    validate = load.validate

    def validate_load(config: Any) -> None:
        validate(config)
        check_load(config)

    def refuse_policy(*_: Any, **__: Any) -> Any:
        instead = "Every client here is the same user. Filter the rows in a view."
        raise not_emulated("Row access policies", instead)

    load.validate = validate_load
    row_access.save = refuse_policy


def check_load(config: Any) -> None:
    """Refuse options of a load job, or of an external table, that would have no effect."""
    given = config.dump()
    for name in _IGNORED:
        if given.get(name):
            raise not_emulated(f"`{name}` for loaded files", "Leave it out of local runs.")
