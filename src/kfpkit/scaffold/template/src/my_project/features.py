"""Features of tumour samples."""

import pandas as pd


def add_spreads(samples: pd.DataFrame) -> pd.DataFrame:
    """Add how far the worst cells of each sample are from its mean.

    Args:
        samples: A table with a column `mean_…` and a column `worst_…` for each measure.

    Returns:
        The table with another column for each measure, `spread_…`.
    """
    measures = [name.removeprefix("mean_") for name in samples if name.startswith("mean_")]
    spreads = {
        f"spread_{measure}": samples[f"worst_{measure}"] - samples[f"mean_{measure}"]
        for measure in measures
    }
    return samples.assign(**spreads)
