"""`CREATE EXTERNAL TABLE` and `DROP EXTERNAL TABLE`, which the package doesn't support."""

from __future__ import annotations

import re
from typing import Any

from local_bigquery.catalog import names, tables
from local_bigquery.errors import BigQueryError, not_found
from local_bigquery.jobs import query
from local_bigquery.models import JobStatistics2, Table
from sqlglot import exp

from .external import KIND
from .refusals import not_emulated

_DROP = re.compile(
    r"EXTERNAL\s+TABLE\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>[\w.`-]+)\s*;?", re.IGNORECASE
)
# Options of the statement, each with the field of a definition.
_OPTIONS = {
    "format": "sourceFormat",
    "uris": "sourceUris",
    "max_bad_records": "maxBadRecords",
    "ignore_unknown_values": "ignoreUnknownValues",
    "allow_jagged_rows": "csvOptions.allowJaggedRows",
    "encoding": "csvOptions.encoding",
    "field_delimiter": "csvOptions.fieldDelimiter",
    "null_marker": "csvOptions.nullMarker",
    "quote": "csvOptions.quote",
    "skip_leading_rows": "csvOptions.skipLeadingRows",
    "enable_logical_types": "avroOptions.useAvroLogicalTypes",
}


def install() -> None:
    """Run these statements here, and other statements as before."""
    run = query._run

    def choose(
        cursor: Any, tree: Any, context: Any, destination: Any, config: Any, *more: Any
    ) -> Any:
        dry_run = more[0]
        if isinstance(tree, exp.Create) and tree.find(exp.ExternalProperty):
            return _create(cursor, tree, context, dry_run=dry_run)
        if isinstance(tree, exp.Command) and tree.text("this").upper() == "DROP":
            found = _DROP.fullmatch(tree.text("expression").strip())
            if found is not None:
                return _drop(found, context, dry_run=dry_run)
        return run(cursor, tree, context, destination, config, *more)

    query._run = choose


def _create(cursor: Any, tree: exp.Create, context: Any, *, dry_run: bool) -> Any:
    key = names.reference(names.target(tree), context.project_id, context.dataset_id)
    statistics = JobStatistics2(statementType="CREATE_EXTERNAL_TABLE")
    found = tables.exists(*key)
    if dry_run or (found and tree.args.get("exists")):
        return statistics
    columns = query._declared_schema(cursor, tree, context) if _has_columns(tree) else None
    definition = _read_definition(tree, query._evaluator(cursor))
    body = {
        "tableReference": dict(zip(("projectId", "datasetId", "tableId"), key, strict=True)),
        "externalDataConfiguration": {**definition, "autodetect": columns is None},
    }
    if columns is not None:
        body["schema"] = {"fields": [column.dump() for column in columns]}
    if found and tree.args.get("replace"):
        tables.delete(*key)
    tables.create(key[0], key[1], Table.model_validate(body), None)
    return statistics


def _has_columns(tree: exp.Create) -> bool:
    return isinstance(tree.this, exp.Schema) and bool(tree.this.expressions)


def _read_definition(tree: exp.Create, evaluate: Any) -> dict[str, Any]:
    definition: dict[str, Any] = {}
    for option in tree.args["properties"].expressions:
        if isinstance(option, exp.ExternalProperty):
            continue
        if isinstance(option, exp.FileFormatProperty):
            name, value = "format", option.this.name.upper()
        else:
            name, value = option.name.lower(), evaluate(option.args["value"])
        if name not in _OPTIONS:
            raise not_emulated(f"The option `{name}` of an external table", "Leave it out.")
        if (name, value) == ("format", "JSON"):
            value = "NEWLINE_DELIMITED_JSON"
        outer, _, inner = _OPTIONS[name].partition(".")
        if inner:
            text = str(value) if inner == "skipLeadingRows" else value
            definition.setdefault(outer, {})[inner] = text
        else:
            definition[outer] = value
    return definition


def _drop(found: re.Match[str], context: Any, *, dry_run: bool) -> Any:
    parts = found["name"].replace("`", "").split(".")
    key = (*(context.project_id, context.dataset_id)[: 3 - len(parts)], *parts)
    exists = tables.exists(*key)
    if not exists and not found["exists"]:
        raise not_found("Table", names.label(*key))
    if exists and tables.load(*key).type != KIND:
        raise BigQueryError("invalid", f"{names.label(*key)} is not an external table.")
    if exists and not dry_run:
        tables.delete(*key)
    return JobStatistics2(statementType="DROP_EXTERNAL_TABLE")
