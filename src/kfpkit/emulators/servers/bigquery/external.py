"""External tables: files in Cloud Storage that are read when a query names them.

A definition is stored with the table, or part of the query (`table_definitions`). For each
statement, the files are read into a temporary table that replaces the external one in the
statement.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_bigquery.catalog import datasets, metadata, names, tabledata, tables
from local_bigquery.engine import database, types
from local_bigquery.engine.database import quote
from local_bigquery.errors import BigQueryError, already_exists
from local_bigquery.jobs import load, query
from local_bigquery.models import JobConfigurationLoad, Table, TableFieldSchema
from local_bigquery.sql.rules import STATEMENT_RULES
from local_bigquery.sql.rules.tables import resolve
from sqlglot import exp

from .files import download, downloading
from .refusals import not_emulated

KIND = "EXTERNAL"
_SAME = ("sourceFormat", "sourceUris", "schema", "autodetect", "maxBadRecords")
_MORE = ("ignoreUnknownValues", "hivePartitioningOptions", "decimalTargetTypes", "jsonExtension")
_FORMATS = ("dateFormat", "datetimeFormat", "timeFormat", "timestampFormat", "timeZone")


def install() -> None:
    """Store definitions, and read the files that they define."""
    tables.STORED_TYPES = (*tables.STORED_TYPES, KIND)
    tables.create = _define(tables.create)
    tables.load = _describe(tables.load)
    tables.name = tabledata.name = _guard(tables.name)
    query._execute = _provide(query._execute)
    query._statement = _begin(query._statement)
    STATEMENT_RULES.insert(0, _replace)


@dataclass
class Reader:
    """Reads external tables for one job.

    Args:
        cursor: The job's connection.
        definitions: Those in the query, by name.
    """

    cursor: Any
    definitions: Mapping[str, Any]
    _read: dict[Any, str] = field(default_factory=dict)

    def table(self, key: Any, definition: Any) -> str:
        """Return the temporary table for `definition`, for this statement."""
        if key not in self._read:
            name = f"_external_{secrets.token_hex(6)}"
            read(self.cursor, definition, name)
            self._read[key] = name
        return self._read[key]

    def forget(self) -> None:
        """Let the next statement read the files again."""
        for name in self._read.values():
            self.cursor.execute(f"DROP TABLE IF EXISTS temp.{quote(name)}")
        self._read.clear()


def read(cursor: Any, definition: Any, name: str) -> None:
    """Read the files of a definition into a temporary table."""
    config = make_load_config(definition)
    fields = (config.schema_ and config.schema_.fields) or []
    with downloading():
        files = {file: uri for uri in config.sourceUris or [] for file in download(uri)}
        with load._reading(files):
            listed = f"[{', '.join(map(load.literal, files))}]"
            reader = load._reader(cursor, listed, config, fields)
            columns = cursor.sql(f"SELECT * FROM {reader} LIMIT 0").columns
            chosen, bad = load._projection(config, fields, columns)
            count = f"SELECT count(*) FROM {reader} WHERE {bad}"
            if cursor.sql(count).fetchone()[0] > (config.maxBadRecords or 0):
                raise ValueError("a value does not fit the type of its column")
            source = f"SELECT {chosen} FROM {reader} WHERE NOT ({bad})"
            cursor.execute(f"CREATE TEMP TABLE {quote(name)} AS {source}")


def make_load_config(definition: Any) -> Any:
    """Return the load job that reads the files of `definition`."""
    given = definition.dump()
    options = given.get("csvOptions", {}) | given.get("avroOptions", {})
    wanted = {name: given[name] for name in (*_SAME, *_MORE, *_FORMATS) if name in given}
    config = JobConfigurationLoad.model_validate(wanted | options)
    kind = config.sourceFormat or "CSV"
    if kind not in load.FORMATS:
        raise not_emulated(f"An external table of the format `{kind}`", "Load its data.")
    load.validate(config)
    if kind in load.TEXT_FORMATS and not config.autodetect and config.schema_ is None:
        raise BigQueryError("invalid", "No schema specified on job or table.")
    return config


def _define(create: Any) -> Any:
    def define(project: str, dataset: str, body: Any, translate: Any) -> Any:
        definition = body.externalDataConfiguration
        if definition is None:
            return create(project, dataset, body, translate)
        key = (project, dataset, body.tableReference.tableId)
        names.table(key[2])
        datasets.get(project, dataset)
        if tables.exists(*key):
            raise already_exists("Table", names.label(*key))
        if tables.fields(body):
            definition = definition.replace(schema=body.schema_.dump())
        schema = {"fields": _read_schema(definition)}
        resource = (
            tables.defaults(*key)
            .merged(body)
            .replace(type=KIND, schema=schema, externalDataConfiguration=definition.dump())
        )
        tables.record(*key, resource)
        return tables.get(*key)

    return define


def _read_schema(definition: Any) -> list[dict[str, Any]]:
    """Return the fields of a definition, or those of its files if it has none."""
    config = make_load_config(definition)
    if config.schema_ is not None:
        return [found.dump() for found in config.schema_.fields or []]
    name = f"_external_{secrets.token_hex(6)}"
    with database.cursor() as cursor:
        read(cursor, definition, name)
        relation = cursor.sql(f"SELECT * FROM temp.{quote(name)} LIMIT 0")
        columns = zip(relation.columns, relation.types, strict=True)
        fields: list[TableFieldSchema] = [types.field(name, kind) for name, kind in columns]
        cursor.execute(f"DROP TABLE temp.{quote(name)}")
    return [found.dump() for found in fields]


def _describe(find: Any) -> Any:
    def describe(*key: str) -> Any:
        found = find(*key)
        if found.type != KIND:
            return found
        schema = metadata.load(Table, *key).schema_
        return found.without(*tables.STORAGE_STATS).replace(schema=schema.dump())

    return describe


def _guard(name: Any) -> Any:
    def guard(*key: str) -> Any:
        if load_definition(*key) is not None:
            problem = f"{names.label(*key)} is an external table, which can only be queried."
            raise BigQueryError("invalid", problem)
        return name(*key)

    return guard


def load_definition(*key: str) -> Any:
    """Return the stored definition of an external table. None for other tables."""
    stored = metadata.load(Table, *key)
    return None if stored is None else stored.externalDataConfiguration


def _provide(execute: Any) -> Any:
    def provide(cursor: Any, project: str, job: Any, config: Any, *others: Any) -> Any:
        context = others[2]
        definitions = {name.casefold(): d for name, d in (config.tableDefinitions or {}).items()}
        context.external = Reader(cursor=cursor, definitions=definitions)
        try:
            return execute(cursor, project, job, config, *others)
        finally:
            context.external.forget()

    return provide


def _begin(statement: Any) -> Any:
    def begin(cursor: Any, tree: exp.Expression, context: Any, *others: Any) -> Any:
        context.external.forget()
        return statement(cursor, tree, context, *others)

    return begin


def _replace(tree: exp.Expression, context: Any) -> exp.Expression:
    """Replace external tables with temporary ones, as a rule of the package's translation."""
    ctes = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    target = names.target(tree)
    for table in list(tree.find_all(exp.Table)):
        key, definition = find_definition(table, context, ctes)
        if definition is None:
            continue
        if table is target:
            _refuse_change(tree, key)
            continue
        reader = getattr(context, "external", None)
        if reader is None or (isinstance(tree, exp.Create) and tree.args.get("kind") == "VIEW"):
            raise not_emulated(
                "A view of an external table",
                "Load its data, or query the external table directly.",
            )
        name = reader.table(key, definition)
        if isinstance(key, tuple):
            context.referenced.add(key)
        context.temporary.add(name)
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
        table.set("this", exp.to_identifier(name, quoted=True))
        table.set("db", None)
        table.set("catalog", None)
    return tree


def find_definition(table: exp.Table, context: Any, ctes: set[str]) -> tuple[Any, Any]:
    """Return the identity of an external table, and its definition. None for other tables."""
    reader, name = getattr(context, "external", None), table.name.casefold()
    if reader is not None and not table.db and name not in ctes and name in reader.definitions:
        return name, reader.definitions[name]
    key = resolve(table, context, ctes)
    return key, None if key is None else load_definition(*key)


def _refuse_change(tree: exp.Expression, key: tuple[str, ...]) -> None:
    if isinstance(tree, exp.Create):
        if not tree.args.get("replace") and not tree.args.get("exists"):
            raise already_exists("Table", names.label(*key))
    elif isinstance(tree, exp.Drop):
        raise BigQueryError("invalid", f"{names.label(*key)} requires `DROP EXTERNAL TABLE`.")
    else:
        problem = f"{names.label(*key)} is an external table, which can only be queried."
        raise BigQueryError("invalid", problem)
