"""`validate_data`: check a table against a schema."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def validate_data(
    data: dsl.Input[dsl.Dataset],
    schema: str,
    key: str,
    valid_data: dsl.Output[dsl.Dataset],
    report: dsl.Output[dsl.HTML],
    batch_rows: int = 65536,
) -> None:
    """Check a table against a schema, and fail if a row or a column violates it.

    Args:
        data: The table, as Parquet.
        schema: The schema in pandera's YAML format: the YAML itself, not the name of a file. Empty
            to check only that each row has a key.
        key: The column that identifies a row in the report.
        batch_rows: The most rows in memory at once. A schema that fills in or drops rows, or checks
            the table as a whole other than for unique columns, needs the whole table in memory.

    Returns:
        valid_data: The same rows, as Parquet, converted to the schema's types where it sets
            `coerce: true`. Tasks that read this output receive only valid data.
        report: An HTML page with the result. If the data violates the schema, it lists each failed
            check with the keys and values of its first 1,000 invalid rows. The report is written
            before the task fails.

    Raises:
        kfpkit.helpers.validations.InvalidDataError: Rows or columns violate the schema. The message
            lists each failed check with up to ten invalid rows.
        kfpkit.helpers.schemas.InvalidSchemaError: The schema is not valid YAML or contains an
            unknown key.
    """
    from pathlib import Path

    from kfpkit.helpers.schemas import make_key_schema
    from kfpkit.helpers.streamed_validations import conform_table
    from kfpkit.helpers.tables import open_table
    from kfpkit.helpers.validations import InvalidDataError, validation_report

    table, page = open_table(data.path), Path(report.path)
    size = table.rows, len(table.schema)
    success = "The data conforms to the schema."
    if not schema.strip():
        schema, success = make_key_schema(key), "Each row has a key. No schema is given."
    try:
        conform_table(table, schema, key, valid_data.path, batch_rows)
    except InvalidDataError as error:
        page.write_text(validation_report(*size, error.failures), encoding="utf-8")
        raise
    page.write_text(validation_report(*size, (), success), encoding="utf-8")
    valid_data.metadata = {"rows": table.rows}
