"""`split_data`: split a table into training and test data by key, group or time."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="gcp")
def split_data(
    data: dsl.Input[dsl.Dataset],
    key: str,
    train_data: dsl.Output[dsl.Dataset],
    test_data: dsl.Output[dsl.Dataset],
    test_fraction: float = 0.25,
    salt: str = "",
    method: str = "hash",
    column: str = "",
    cutoff: str = "",
    folds: int = 0,
    batch_rows: int = 65536,
) -> None:
    """Split a table into training and test data.

    With the methods `hash` and `group`, only the key or the group and the salt decide which side a
    row is on. Other rows and their order do not matter. Test rows therefore stay test rows when the
    table grows. The table is read a batch at a time, so it may be larger than memory; `time` keeps
    8 bytes for each row, and `group` and `time` keep 8 more to compare the keys of both sides.

    Args:
        data: The table, as Parquet.
        key: The column that identifies a row: integers or strings, without missing values.
        test_fraction: The share of the test data, between 0 and 1 (exclusive). By hash, with n
            distinct keys or groups, the standard deviation of the actual share is at most
            0.5 / sqrt(n). By time, rows of the same time stay together.
        salt: Any string. A different salt gives a different, independent split by hash.
        method: `hash` (of the key), `group` (hash of `column`: all rows of a group are on one side)
            or `time` (the rows with the latest values of `column` are the test data).
        column: The column with the groups, or with the times: timestamps, dates or integers.
        cutoff: The first time of the test data, such as `2024-05-01` or, for a column with a zone,
            `2024-05-01T00:00:00+00:00`. If empty, `test_fraction` decides.
        folds: If not 0, the training data gets a column `fold` with the numbers from 0 to
            `folds` - 1, for cross-validation: by hash, or, with `time`, successive periods.
        batch_rows: The most rows in memory at once.

    Returns:
        train_data: The training rows, as Parquet, in the order of the table.
        test_data: The test rows, as Parquet, in the order of the table.

    Raises:
        ValueError: A column is missing, a key or time is missing or has another type, an argument
            is out of range, a key would be on both sides, or one side would be empty.
    """
    from kfpkit.helpers.splits import Split, split_table
    from kfpkit.helpers.tables import open_table

    split = Split(
        key=key,
        test_fraction=test_fraction,
        salt=salt,
        method=method,
        column=column,
        cutoff=cutoff,
        folds=folds,
    )
    parts = split_table(open_table(data.path), split, train_data.path, test_data.path, batch_rows)
    described = {"key": key, "salt": salt, "method": method}
    train_data.metadata = {"rows": parts.train_rows, **described}
    test_data.metadata = {"rows": parts.test_rows, **described}
