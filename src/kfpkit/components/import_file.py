"""`import_file`: turn a CSV, JSON Lines or Parquet file into a table."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def import_file(
    source: str,
    data: dsl.Output[dsl.Dataset],
    format: str = "",  # noqa: A002 - what authors call it
    types: dict[str, str] = {},  # noqa: B006 - KFP's defaults are constants; nothing changes it
    missing: list[str] = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None"],  # noqa: B006 - as above
    encoding: str = "",
    separator: str = "",
    decimal: str = ".",
    column_names: list[str] = [],  # noqa: B006 - as above
    checksum: str = "",
) -> None:
    """Import a CSV, JSON Lines or Parquet file as a table.

    The type of each column is recognized from all its values: Boolean, integer, number, date,
    timestamp or string. Integers with leading zeros, such as postal codes, and dates that are not
    in ISO 8601 stay strings; the log says which value made a column a string. The file is read in
    blocks, so it may be larger than memory. A download continues after an interruption.

    Args:
        source: An address that starts with `https://`, `http://` or `gs://`, or a path on the
            machine that runs the task. In a local run, relative paths start at the project's
            folder. Files that end with `.gz`, and `.zip` archives with one
            file, are unpacked. For Parquet, also a folder of files with the same columns.
        format: `csv`, `jsonl` or `parquet`. If empty, the end of the file's name decides.
        types: The types of columns that are to have another one than recognized: `string`,
            `integer`, `number`, `boolean`, `date` or `timestamp`. Dates and timestamps take a
            pattern of `strptime`, as in `{"birthday": "date:%d.%m.%Y"}`.
        missing: The values in a CSV file that stand for a missing one.
        encoding: The encoding of a CSV file, such as `windows-1252`. If empty, UTF-8, or UTF-16
            with a byte order mark.
        separator: The character between the fields of a CSV file. If empty, a comma, semicolon,
            tab or vertical bar, whichever divides the first rows evenly.
        decimal: The decimal point of a CSV file, `.` or `,`.
        column_names: The names of the columns of a CSV file without a header.
        checksum: `sha256:` or `md5:` and the hexadecimal digits that the file must have.

    Returns:
        data: The rows in their order, as Parquet. Dates are `date32`, times microseconds (in UTC
            if the file states a zone). Metadata: `source`, `rows`, `columns` (name and type of
            each), `sha256` of the file as it is stored, and its `bytes`.

    Raises:
        FileNotFoundError: The file does not exist.
        ConnectionError: The server cannot be reached, or interrupts the download repeatedly.
        ValueError: The file cannot be read, a value does not have its declared type, a column mixes
            times with and without a zone, the checksum differs, or there are no rows. The message
            names line and column.
    """
    from kfpkit.helpers.file_imports import Form, import_table
    from kfpkit.helpers.sources import opened_source, require_checksum
    from kfpkit.helpers.tables import open_table

    form = Form(
        format=format,
        encoding=encoding,
        separator=separator,
        decimal=decimal,
        missing=missing,
        types=types,
        columns=column_names,
    )
    with opened_source(source) as found:
        if checksum:
            require_checksum(found, checksum)
        schema = import_table(found, form, data.path)
        described = found.describe()
    columns = {column.name: str(column.type) for column in schema}
    data.metadata = {**described, "rows": open_table(data.path).rows, "columns": columns}
