"""The helpers of components, called directly: what a component costs is what it takes beyond this.

helpers.py extract TABLE ADDRESS
helpers.py split TABLE TRAIN TEST
helpers.py transform TABLE TRANSFORMER FEATURES
helpers.py predict FEATURES MODEL PREDICTIONS
"""

from __future__ import annotations

import sys
from pathlib import Path


def extract(table: str, address: str) -> None:
    """Have BigQuery write files."""
    from kfpkit.helpers.bigquery import table_name  # noqa: PLC0415 - each has its environment
    from kfpkit.helpers.clients import bigquery_client  # noqa: PLC0415 - as above
    from kfpkit.helpers.transfers import extract_to_storage, file_format  # noqa: PLC0415 - as above

    client = bigquery_client()
    name = table_name(table, client.project)
    extract_to_storage(client, name, address, file_format("parquet"))
    client.get_table(str(name))


def split(table: str, train: str, test: str) -> None:
    """Split a table."""
    from kfpkit.helpers.splits import Split, split_table  # noqa: PLC0415 - as above
    from kfpkit.helpers.tables import BATCH_ROWS, open_table  # noqa: PLC0415 - as above

    split_table(open_table(table), Split(key="flight_id"), train, test, BATCH_ROWS)


def transform(table: str, transformer: str, features: str) -> None:
    """Write features."""
    from kfpkit.helpers.batches import transform_table  # noqa: PLC0415 - as above
    from kfpkit.helpers.features import load_transformer  # noqa: PLC0415 - as above

    loaded = load_transformer(Path(transformer))
    kept = ["flight_id", "late"]
    columns = {*kept, *loaded.signature.names}
    transform_table(table, features, loaded.keeper_of(kept), columns=columns)


def predict(features: str, model: str, predictions: str) -> None:
    """Write predictions."""
    from kfpkit.helpers.batches import transform_table  # noqa: PLC0415 - as above
    from kfpkit.helpers.models import load_model  # noqa: PLC0415 - as above
    from kfpkit.helpers.predictions import predictions_of  # noqa: PLC0415 - as above

    loaded = load_model(Path(model))
    transform_table(
        features,
        predictions,
        lambda first, part: predictions_of(loaded, part, "flight_id", first_row=first),
        columns={"flight_id", *loaded.signature.names},
    )


CALLS = {each.__name__: each for each in (extract, split, transform, predict)}
CALLS[sys.argv[1]](*sys.argv[2:])
