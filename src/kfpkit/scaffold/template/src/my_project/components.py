"""The components of my-project."""

import kfpkit
import pandas as pd
from kfp import dsl

from my_project.features import add_spreads


@kfpkit.component(environment="sklearn")
def prepare_samples(
    samples: dsl.Input[dsl.Dataset], prepared_samples: dsl.Output[dsl.Dataset]
) -> None:
    """Add features to samples.

    Args:
        samples: The samples, as Parquet.

    Returns:
        prepared_samples: The samples with the features of `add_spreads`, as Parquet.
    """
    table = add_spreads(pd.read_parquet(samples.path))
    table.to_parquet(prepared_samples.path, index=False)
    prepared_samples.metadata = {"rows": len(table), "columns": len(table.columns)}
