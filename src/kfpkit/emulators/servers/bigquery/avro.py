"""Writes Avro files for extract jobs, without the extension that DuckDB would download.

The types are those of BigQuery's exports: without `use_avro_logical_types`, dates and times are
strings, and a timestamp is a number of microseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import fastavro
from local_bigquery.engine import types
from local_bigquery.jobs import extract
from local_bigquery.jobs.storage import written

from .refusals import not_emulated

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
_MICROSECOND = dt.timedelta(microseconds=1)
_AS_STRING = ("DATE", "TIME", "DATETIME")


def install() -> None:
    """Write Avro files here, and other formats as before."""
    write_others = extract.write

    def write(cur: Any, query: str, params: Any, config: Any) -> Any:
        if (config.destinationFormat or "CSV").upper() != "AVRO":
            return write_others(cur, query, params, config)
        return _write(cur, query, params, config)

    extract.write = write


def _write(cur: Any, query: str, params: Any, config: Any) -> int:
    logical = bool(config.useAvroLogicalTypes)
    relation = cur.sql(query, params=params)
    columns = list(zip(relation.columns, relation.types, strict=True))
    fields = [types.field(name, kind) for name, kind in columns]
    from local_bigquery.grpc import read  # noqa: PLC0415 - few runs need gRPC

    chosen = ", ".join(read._column(name, kind, read.AVRO) for name, kind in columns)
    schema = _record("Root", fields, logical=logical)
    rows = 0
    for uri in config.destinationUris or [config.destinationUri]:
        reader = cur.sql(f"SELECT {chosen} FROM ({query})", params=params).to_arrow_reader()
        records = list(_convert_rows(reader, fields, logical=logical))
        rows = len(records)
        with written(uri.replace("*", "000000000000")) as target, Path(target).open("wb") as file:
            fastavro.writer(file, schema, records, codec=_codec(config))
    return rows


def _codec(config: Any) -> str:
    compression = (config.compression or "NONE").upper()
    codecs = {"NONE": "null", "DEFLATE": "deflate"}
    if compression not in codecs:
        instead = "Use `DEFLATE`, or no compression."
        raise not_emulated(f"The compression `{compression}` of Avro files", instead)
    return codecs[compression]


def _record(name: str, fields: Any, *, logical: bool) -> dict[str, Any]:
    members = [
        {"name": field.name, "type": _type(f"{name}_{field.name}", field, logical=logical)}
        for field in fields
    ]
    return {"type": "record", "name": name, "fields": members}


def _type(name: str, field: Any, *, logical: bool) -> Any:
    kind: Any
    if field.type == "RECORD":
        kind = _record(name, field.fields or [], logical=logical)
    elif not logical and field.type in _AS_STRING:
        kind = {"type": "string", "sqlType": field.type}
    elif not logical and field.type == "TIMESTAMP":
        kind = "long"
    else:
        from local_bigquery.grpc.read import AVRO_TYPES  # noqa: PLC0415 - as above

        kind = AVRO_TYPES[field.type]
    if field.mode == "REPEATED":
        return {"type": "array", "items": kind}
    return kind if field.mode == "REQUIRED" else ["null", kind]


def _convert_rows(reader: Any, fields: Any, *, logical: bool) -> Iterator[dict[str, Any]]:
    for batch in reader:
        for row in batch.to_pylist():
            yield _convert_row(fields, row, logical=logical)


def _convert_row(fields: Any, row: Mapping[str, Any], *, logical: bool) -> dict[str, Any]:
    return {field.name: _convert_value(field, row[field.name], logical=logical) for field in fields}


def _convert_value(field: Any, value: Any, *, logical: bool, element: bool = False) -> Any:
    if value is None:
        return None
    if field.mode == "REPEATED" and not element:
        return [_convert_value(field, each, logical=logical, element=True) for each in value]
    if field.type == "RECORD":
        return _convert_row(field.fields or [], value, logical=logical)
    return value if logical else _PLAIN.get(field.type, _keep)(value)


def _keep(value: Any) -> Any:
    return value


def _iso(value: Any) -> str:
    return value if isinstance(value, str) else str(value.isoformat())


def _microseconds(value: dt.datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "DATE": _iso,
    "TIME": _iso,
    "DATETIME": _iso,
    "TIMESTAMP": _microseconds,
}
