"""`fit_transformer`: learn from training rows how columns become features."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def fit_transformer(
    train_data: dsl.Input[dsl.Dataset],
    target: str,
    key: str,
    transformer: dsl.Output[dsl.Artifact],
    description: str = "",
    seed: int = 0,
    most_rows: int = 0,
) -> None:
    """Learn from training rows how columns of any type become features.

    Without a description, types and values decide: numbers are filled with their median, with a
    feature that tells the gaps, and standardized; strings with at most 30 values get a feature for
    each value; other strings get rank and share of the value; text gets 8 features (TF-IDF and
    truncated singular value decomposition); dates get year, month, day, weekday, hour and days
    since 1970. Columns that are constant or empty, and strings that differ in nearly every row, are
    left out. The target takes no part.

    Only the training rows decide about values: a category that they lack is missing later.

    Args:
        train_data: The training rows, as Parquet.
        target: The column to predict. It is not a feature, and may be missing.
        key: The column that identifies a row. It is not a feature, and may be missing.
        description: YAML that places columns. Lists of columns: `numbers`, `few` and `many` (values
            of a category), `dates`, `text`, `leave_out`. Options: `impute` (`median`, `mean` or
            `keep`), `indicator`, `scale` (`true` or `false`), `least_rows` (the lowest number of
            rows with a category, 2), `text_parts` (8) and `zone` (of dates with a zone, `UTC`).
        seed: The random seed, which matters to text only.
        most_rows: The most rows to learn from, at even distances; the log says how many they are.
            0 for all rows. A table that memory probably does not hold is refused.

    Returns:
        transformer: A folder with `transformer.skops` and the card `transformer.json`. The metadata
            has the card: the columns by group, those that are left out and why, the features, the
            versions of the libraries. Use it with the same versions only.

    Raises:
        ValueError: The description names a column that does not exist or does not fit its group, or
            a column has a type that cannot become a feature.
        MemoryError: The rows probably need more memory than the task may use.
    """
    from pathlib import Path

    from kfpkit.helpers.features import fit_transformer as fit
    from kfpkit.helpers.kept_files import hash_table
    from kfpkit.helpers.table_memory import read_bounded
    from kfpkit.helpers.tables import open_table

    fitted = fit(
        read_bounded(train_data.path, most_rows),
        open_table(train_data.path).schema,
        description=description,
        without={target, key},
        seed=seed,
        data_hash=hash_table(Path(train_data.path)),
    )
    fitted.save(Path(transformer.path))
    transformer.metadata = dict(fitted.card)
