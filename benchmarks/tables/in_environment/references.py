"""What the components are measured beside: each library's own call, on batches of pyarrow.

references.py extract TABLE ADDRESS
references.py split TABLE TRAIN TEST
references.py fit TRAIN FILE
references.py transform TABLE FILE FEATURES
references.py predict FEATURES MODEL PREDICTIONS
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BATCH = 65_536
NUMBERS = ["distance", "air_time", "delay", "temperature", "wind", "humidity", "pressure", "seats"]


def extract(table: str, address: str) -> None:
    """Have BigQuery write files: `Client.extract_table`."""
    from google.cloud import bigquery  # noqa: PLC0415 - each reference has its environment

    config = bigquery.ExtractJobConfig(destination_format="PARQUET", compression="SNAPPY")
    bigquery.Client().extract_table(table, f"{address}/part-*.parquet", job_config=config).result()


def split(table: str, train: str, test: str) -> None:
    """Write a quarter and the rest: `ParquetFile.iter_batches`, `filter` and `write_batch`."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    file = next(read_files(table))
    with (
        pq.ParquetWriter(train, file.schema_arrow) as first,
        pq.ParquetWriter(test, file.schema_arrow) as second,
    ):
        for batch in read_batches(table):
            is_test = pc.equal(pc.bit_wise_and(batch.column("flight_id"), 3), 0)
            first.write_batch(batch.filter(pc.invert(is_test)))
            second.write_batch(batch.filter(is_test))


def fit(train: str, file: str) -> None:
    """Fit scikit-learn's transformers, and keep them."""
    import joblib  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    joblib.dump(make_transformer().fit(pq.read_table(train).to_pandas()), file)


def make_transformer() -> Any:
    """Return scikit-learn's transformers for the columns."""
    from sklearn.compose import make_column_transformer  # noqa: PLC0415 - as above
    from sklearn.impute import SimpleImputer  # noqa: PLC0415 - as above
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - as above
    from sklearn.preprocessing import (  # noqa: PLC0415 - as above
        FunctionTransformer,
        OneHotEncoder,
        OrdinalEncoder,
        StandardScaler,
    )

    filled = SimpleImputer(strategy="median", add_indicator=True)
    few = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    many = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return make_column_transformer(
        (make_pipeline(filled, StandardScaler()), NUMBERS),
        (few, ["origin"]),
        (many, ["destination"]),
        (FunctionTransformer(make_parts), ["scheduled"]),
    )


def make_parts(dates: Any) -> Any:
    """Return the parts of dates, as scikit-learn has no transformer for them."""
    import numpy as np  # noqa: PLC0415 - as above

    of = dates["scheduled"].dt
    parts = (of.year, of.month, of.day, of.dayofweek, of.hour, of.as_unit("s").astype("int64"))
    return np.column_stack([part.to_numpy("float64") for part in parts])


def transform(table: str, file: str, features: str) -> None:
    """Write features: `ColumnTransformer.transform`."""
    import joblib  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    fitted = joblib.load(file)

    def make(batch: Any) -> Any:
        made = fitted.transform(batch.to_pandas())
        columns = {f"f{at}": pa.array(made[:, at]) for at in range(made.shape[1])}
        kept = {name: batch.column(name) for name in ("flight_id", "late")}
        return pa.record_batch({**kept, **columns})

    write(read_batches(table), features, make)


def predict(features: str, model: str, predictions: str) -> None:
    """Write probabilities: `Booster.predict`."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above
    import xgboost  # noqa: PLC0415 - as above

    booster = xgboost.Booster(model_file=model)

    def make(batch: Any) -> Any:
        names = [name for name in batch.schema.names if name not in {"flight_id", "late"}]
        numbers = np.column_stack([batch.column(name).to_numpy() for name in names])
        found = booster.predict(xgboost.DMatrix(numbers)).astype("float64")
        chosen = pa.array((found >= 0.5).astype("int64"))  # noqa: PLR2004 - the usual threshold
        columns = {"flight_id": batch.column("flight_id"), "probability": pa.array(found)}
        return pa.record_batch({**columns, "prediction": chosen})

    write(read_batches(features), predictions, make)


def read_files(table: str) -> Iterator[Any]:
    """Open the files of a table."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    files = sorted(Path(table).glob("*.parquet")) if Path(table).is_dir() else [Path(table)]
    for file in files:
        yield pq.ParquetFile(file, pre_buffer=False)


def read_batches(table: str) -> Iterator[Any]:
    """Read a table, without reading ahead: that would take as much memory as a file."""
    for file in read_files(table):
        yield from file.iter_batches(BATCH)


def write(batches: Iterator[Any], file: str, make: Callable[[Any], Any]) -> None:
    """Write what is made of batches."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    first = make(next(batches))
    with pq.ParquetWriter(file, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(make(batch))


CALLS = {each.__name__: each for each in (extract, split, fit, transform, predict)}
CALLS[sys.argv[1]](*sys.argv[2:])
