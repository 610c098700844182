"""`infer_schema`: describe a table as a schema."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class InferredSchema(NamedTuple):
    """The schema of a table.

    Args:
        schema: The schema in pandera's YAML format.
    """

    schema: str


@kfpkit.component(environment="gcp")
def infer_schema(
    data: dsl.Input[dsl.Dataset],
    file: dsl.Output[dsl.Artifact],
    categories: int = 20,
    bounds: bool = True,  # noqa: FBT001, FBT002 - an input of a task is given by name
) -> InferredSchema:
    """Describe a table as a schema, which `validate_data` checks later tables against.

    Read the schema before you rely on it: it describes these rows, not what they must be.

    Args:
        data: The table, as Parquet. It is read a batch at a time.
        categories: A string column with at most so many different values gets the list of them; 0
            for no lists. The schema contains these values.
        bounds: Whether columns with numbers and times get their least and greatest value.

    Returns:
        file: The schema as a YAML file, to be committed beside the pipeline.
        schema: The same schema, for the input `schema` of `validate_data`: for each column its
            type, whether values may be missing, bounds and lists. Other columns are not allowed.

    Raises:
        ValueError: The table has no rows.
    """
    from pathlib import Path

    from kfpkit.helpers.schema_inference import infer_schema_of
    from kfpkit.helpers.tables import open_table

    found = infer_schema_of(open_table(data.path), categories=categories, bounds=bounds)
    Path(file.path).write_text(found, encoding="utf-8")
    return InferredSchema(schema=found)
