"""`split_data`: a table's rows drawn into training and test data by their keys."""

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
    """Draw rows into training and test data by a hash of their keys.

    A row's side depends on its key and the salt alone: not on the order of the rows, nor on the
    others. A row that is once in the test data stays there when the table grows, and rows with one
    key stay together.

    Args:
        data: The table, as Parquet.
        key: The column that is hashed: integers or text, none missing.
        test_fraction: Which share of the keys is drawn for the test, above 0 and below 1. With n
            rows, the share that comes out is off by about 0.5 / sqrt(n).
        salt: Text that draws another, independent split.

    Returns:
        train_data: The rows for training, as Parquet, ordered by key.
        test_data: The rows for the test, as Parquet, ordered by key.

    Raises:
        ValueError: The key column is missing, or a key is missing or a floating point number; the
            fraction is out of range; or one side is empty.
    """
    from kfpkit.helpers.splits import split_by_key
    from kfpkit.helpers.tables import read_table, write_table

    train, test = split_by_key(read_table(data.path), key, test_fraction, salt)
    for part, artifact in ((train, train_data), (test, test_data)):
        write_table(part, artifact.path)
        artifact.metadata = {"rows": len(part), "key": key, "salt": salt}
