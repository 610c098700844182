"""`apply_transformer`: turn the columns of a table into features."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def apply_transformer(
    data: dsl.Input[dsl.Dataset],
    transformer: dsl.Input[dsl.Artifact],
    features: dsl.Output[dsl.Dataset],
    keep: list[str] = [],  # noqa: B006 - KFP's defaults are constants; nothing here changes it
    batch_rows: int = 65536,
) -> None:
    """Turn the columns of a table into features, as `fit_transformer` learned from training rows.

    The table is read and written in batches and may be larger than memory. Each row is transformed
    by itself: neither other rows nor the size of a batch change its features.

    `train_model`, `evaluate_model` and `batch_predict` apply a transformer themselves if the model
    has one. Use this component for features that are stored, or read by other programs.

    Args:
        data: The table, as Parquet.
        transformer: The output of `fit_transformer`, from an environment with the same versions.
        keep: Columns to copy unchanged, such as the key and the target.
        batch_rows: The number of rows in memory at a time.

    Returns:
        features: One row for each row of the table, in the same order, as Parquet: the columns in
            `keep`, and the features as 64-bit floating-point numbers.

    Raises:
        ValueError: A column is missing or has values of another kind than in training, or the
            transformer is damaged.
        RuntimeError: Other versions of its libraries fitted the transformer.
    """
    from pathlib import Path

    from kfpkit.helpers.batches import transform_table
    from kfpkit.helpers.features import load_transformer

    loaded = load_transformer(Path(transformer.path))
    columns = {*keep, *loaded.signature.names}
    rows = transform_table(
        data.path, features.path, loaded.keeper_of(keep), batch_rows, columns=columns
    )
    features.metadata = {"rows": rows, "features": loaded.features}
