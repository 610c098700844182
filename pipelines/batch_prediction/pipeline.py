"""Predict new rows with a model of an earlier run, unless the data has drifted."""

from typing import Any, NamedTuple

from kfp import dsl

from kfpkit.components import batch_predict, bigquery_load, compare_data, import_file

# A model is read by the library that wrote it.
ENVIRONMENTS = {
    "scikit-learn": "sklearn",
    "xgboost": "xgboost-3",
    "lightgbm": "lightgbm",
    "catboost": "catboost-1",
    "keras": "tensorflow",
}


class Outputs(NamedTuple):
    """What the pipeline hands back.

    Args:
        predictions: The table with the predictions, `project.dataset.table`.
        rows: How many rows it has.
    """

    predictions: str
    rows: int


def predict_after(compared: Any, library: str, **inputs: Any) -> Any:
    """Predict in the environment of the model's library, once the comparison has succeeded."""
    predicted = []
    for name, environment in ENVIRONMENTS.items():
        with branch_of(name, library):
            task = batch_predict.in_environment(environment)(**inputs).after(compared)
            predicted.append(task.outputs["predictions"])
    return dsl.OneOf(*predicted)


def branch_of(name: str, library: str) -> Any:
    """Return the branch for a library: together, they have to cover every case."""
    first, *_, last = ENVIRONMENTS
    if name == last:
        return dsl.Else()
    return dsl.If(library == name) if name == first else dsl.Elif(library == name)


@dsl.pipeline(name="batch-prediction")
def batch_prediction(  # noqa: PLR0913, PLR0917 - a pipeline's parameters are its interface
    source: str,
    model: str,
    library: str,
    reference: str,
    key: str,
    columns: list[str],
    destination: str,
    types: dict[str, str] = {},  # noqa: B006 - KFP's defaults are constants
    thresholds: dict[str, float] = {},  # noqa: B006 - as above
) -> Outputs:
    """Compare new rows with the training data, predict them, and load the predictions.

    If a column has drifted, the comparison fails, and no row is predicted.

    Args:
        source: The file with the new rows: CSV, JSON Lines or Parquet; a path, `https://` or
            `gs://`.
        model: The folder of a model that `train_model` wrote in an earlier run, with its
            transformer.
        library: The library of the model: `scikit-learn`, `xgboost`, `lightgbm`, `catboost` or
            `keras`.
        reference: The training data of that run, as Parquet.
        key: The column that identifies a row.
        columns: The columns to compare: those that the model uses.
        destination: The BigQuery table for the predictions, `dataset.table`. It is replaced.
        types: Types of columns that are not to be recognized, as `import_file` takes them.
        thresholds: Above which values a column has drifted, as `compare_data` takes them.
    """
    rows = import_file.in_environment("sklearn")(source=source, types=types).outputs["data"]
    trained = dsl.importer(artifact_uri=model, artifact_class=dsl.Model)
    before = dsl.importer(artifact_uri=reference, artifact_class=dsl.Dataset)
    compared = compare_data(
        reference=before.output,
        data=rows,
        columns=columns,
        thresholds=thresholds,
        fail_on_drift=True,
    )
    predictions = predict_after(compared, library, data=rows, model=trained.output, key=key)
    loaded = bigquery_load(data=predictions, destination=destination)
    return Outputs(predictions=loaded.outputs["name"], rows=loaded.outputs["rows"])
