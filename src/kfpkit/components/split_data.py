"""`split_data`: split a table into training and test data by a hash of each row's key."""

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
) -> None:
    """Split a table into training and test data by a hash of each row's key.

    Only the row's key and the salt decide which side a row is on. Other rows and their order do not
    matter. Test rows therefore stay test rows when the table grows, and rows with the same key stay
    together.

    Args:
        data: The table, as Parquet.
        key: The column to hash: integers or strings, without missing values.
        test_fraction: The share of keys for the test data, between 0 and 1 (exclusive). With n
            distinct keys, the standard deviation of the actual share is at most 0.5 / sqrt(n).
        salt: Any string. A different salt gives a different, independent split.

    Returns:
        train_data: The training rows, as Parquet, ordered by key.
        test_data: The test rows, as Parquet, ordered by key.

    Raises:
        ValueError: The key column is missing, a key is missing or is a floating-point number, the
            fraction is out of range, or one side is empty.
    """
    from kfpkit.helpers.splits import split_by_key
    from kfpkit.helpers.tables import read_table, write_table

    train, test = split_by_key(read_table(data.path), key, test_fraction, salt)
    for part, artifact in ((train, train_data), (test, test_data)):
        write_table(part, artifact.path)
        artifact.metadata = {"rows": len(part), "key": key, "salt": salt}
