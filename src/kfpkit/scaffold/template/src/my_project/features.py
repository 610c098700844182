"""Features of tumour samples."""

from collections.abc import Iterable

import pandas as pd


def measures(columns: Iterable[str]) -> list[str]:
    """Find what was measured: what has a column `mean_…` and a column `worst_…`."""
    known = set(columns)
    means = sorted(column for column in known if column.startswith("mean_"))
    names = [column.removeprefix("mean_") for column in means]
    return [name for name in names if f"worst_{name}" in known]


def add_spreads(samples: pd.DataFrame) -> pd.DataFrame:
    """Add how far the worst cells of each sample are from its mean: a `spread_…` per measure."""
    spreads = {
        f"spread_{name}": samples[f"worst_{name}"] - samples[f"mean_{name}"]
        for name in measures(samples.columns)
    }
    return samples.assign(**spreads)
