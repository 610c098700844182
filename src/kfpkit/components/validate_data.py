"""`validate_data`: a table checked against a schema."""

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
    """Check a table against a schema, and fail if a row or a column breaks it.

    Args:
        data: The table, as Parquet.
        schema: The schema in pandera's YAML format: the text, not a file's name.
        key: The column that names a row in the report.

    Returns:
        valid_data: The same rows as Parquet, with the schema's types where it says `coerce: true`.
            What reads this can only have checked data.
        report: What was checked; if the data breaks the schema, each broken check with the keys
            and values of the rows that break it. It is written before the task fails.

    Raises:
        kfpkit.helpers.validations.InvalidDataError: Rows or columns break the schema. The text
            names each check with the first ten of its rows.
        kfpkit.helpers.schemas.InvalidSchemaError: The schema is no YAML, or a key in it means
            nothing.
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
