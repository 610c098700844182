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
) -> None:
    """Check a table against a schema, and fail if a row or a column violates it.

    Args:
        data: The table, as Parquet.
        schema: The schema in pandera's YAML format: the YAML itself, not the name of a file.
        key: The column that identifies a row in the report.

    Returns:
        valid_data: The same rows, as Parquet, converted to the schema's types where it sets
            `coerce: true`. Tasks that read this output receive only valid data.
        report: An HTML page with the result. If the data violates the schema, it lists each failed
            check with the keys and values of the invalid rows. The report is written before the
            task fails.

    Raises:
        kfpkit.helpers.validations.InvalidDataError: Rows or columns violate the schema. The message
            lists each failed check with up to ten invalid rows.
        kfpkit.helpers.schemas.InvalidSchemaError: The schema is not valid YAML or contains an
            unknown key.
    """
    from pathlib import Path

    from kfpkit.helpers.tables import read_table, write_table
    from kfpkit.helpers.validations import InvalidDataError, conform, validation_report

    table, page = read_table(data.path), Path(report.path)
    try:
        valid = conform(table, schema, key)
    except InvalidDataError as error:
        page.write_text(validation_report(table, error.failures), encoding="utf-8")
        raise
    page.write_text(validation_report(table, ()), encoding="utf-8")
    write_table(valid, valid_data.path)
    valid_data.metadata = {"rows": len(valid)}
