"""Put real data into BigQuery, for the training pipeline: once or twice is the same."""

from kfp import dsl

from kfpkit.components import bigquery_load, breast_cancer_data


@dsl.pipeline(name="seed")
def seed(destination: str = "diagnosis.breast_cancer") -> str:
    """Write the Wisconsin breast cancer data into a table.

    Args:
        destination: The table, `dataset.table` or `project.dataset.table`; it is replaced.

    Returns:
        The table's full name.
    """
    data = breast_cancer_data()
    loaded = bigquery_load(data=data.output, destination=destination)
    return loaded.outputs["name"]
