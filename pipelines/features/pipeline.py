"""Publish the features of frozen rows, for the programs that read them."""

from typing import NamedTuple

from kfp import dsl

import kfpkit
from kfpkit.components import (
    apply_transformer,
    bigquery_extract,
    bigquery_load,
    bigquery_query,
    fit_transformer,
    infer_schema,
    split_data,
    storage_copy,
    table_snapshot,
)
from kfpkit.helpers.clients import storage_client


class Outputs(NamedTuple):
    """What the pipeline hands back.

    Args:
        table: The table with the features, `project.dataset.table`.
        files: The number of published files.
    """

    table: str
    files: int


@kfpkit.component(environment="gcp")
def ensure_bucket(name: str, location: str) -> str:
    """Create a bucket in Cloud Storage unless it exists.

    Args:
        name: The bucket.
        location: Where it is created. If empty, where Cloud Storage does by default.

    Returns:
        Its address.
    """
    client = storage_client()
    if client.lookup_bucket(name) is None:
        client.create_bucket(name, location=location or None)
    return f"gs://{name}"


@dsl.pipeline(name="features")
def features(  # noqa: PLR0913, PLR0917 - a pipeline's parameters are its interface
    query: str,
    key: str,
    target: str,
    version: str,
    dataset: str,
    staging: str,
    published: str,
    location: str = "",
    description: str = "",
) -> Outputs:
    """Freeze the rows of a query, turn them into features, and publish these.

    The transformer learns from the training rows alone. `split_data` divides the published features
    as it divides the rows here, because it decides by the key.

    Args:
        query: The query for the rows, in GoogleSQL.
        key: The column that identifies a row.
        target: The column to predict.
        version: The end of the names of tables and of the published folder. A version is made
            once: its tables must not exist.
        dataset: The BigQuery dataset for the tables `rows`, `rows_VERSION` (the snapshot) and
            `features_VERSION`.
        staging: The bucket to which BigQuery writes files, in the dataset's location.
        published: The bucket from which programs read the features, in any location.
        location: Where the dataset is, such as `EU`, and buckets are created. If empty, BigQuery
            detects it, and buckets are created where Cloud Storage creates them by default.
        description: Which columns become which features, as `fit_transformer` takes it.
    """
    rows = bigquery_query(query=query, destination=f"{dataset}.rows", location=location)
    frozen = table_snapshot(
        table=rows.outputs["table"], destination=f"{dataset}.rows_{version}", location=location
    )
    data = bigquery_extract(table=frozen.outputs["snapshot"], location=location).outputs["data"]
    infer_schema(data=data)

    train_data = split_data(data=data, key=key).outputs["train_data"]
    fitted = fit_transformer(train_data=train_data, target=target, key=key, description=description)
    made = apply_transformer(
        data=data, transformer=fitted.outputs["transformer"], keep=[key, target]
    )
    loaded = bigquery_load(
        data=made.outputs["features"],
        destination=f"{dataset}.features_{version}",
        write_mode="empty",
        location=location,
    )

    # BigQuery writes to buckets in the location of its table only; readers may be elsewhere.
    source = ensure_bucket(name=staging, location=location).output
    destination = ensure_bucket(name=published, location=location).output
    extracted = bigquery_extract(
        table=loaded.outputs["table"],
        destination=f"{source}/features/{version}",
        location=location,
    )
    copied = storage_copy(
        source=f"{source}/features/{version}", destination=f"{destination}/features/{version}"
    ).after(extracted)
    # Its inputs are addresses, which stay the same when the files there change.
    copied.set_caching_options(enable_caching=False)
    return Outputs(table=loaded.outputs["name"], files=copied.outputs["files"])
