"""`compare_data`: measure how far a table has drifted from another."""

from typing import NamedTuple

from kfp import dsl

import kfpkit


class Drift(NamedTuple):
    """Whether the data has drifted.

    Args:
        drifted: Whether at least one column has.
        columns: These columns.
    """

    drifted: bool
    columns: list[str]


@kfpkit.component(environment="sklearn")
def compare_data(
    reference: dsl.Input[dsl.Dataset],
    data: dsl.Input[dsl.Dataset],
    metrics: dsl.Output[dsl.Metrics],
    report: dsl.Output[dsl.HTML],
    columns: list[str] = [],  # noqa: B006 - KFP's defaults are constants; nothing changes it
    thresholds: dict[str, float] = {},  # noqa: B006 - as above
    fail_on_drift: bool = False,  # noqa: FBT001, FBT002 - an input of a task is given by name
    most_rows: int = 100000,
) -> Drift:
    """Compare the distribution of each column of a table with a reference (drift, skew).

    Numbers and times are compared by the deciles of the reference, strings with few values by
    value, and strings with many values by their lengths. Missing values are a group of their own.

    Args:
        reference: The table to compare with, such as the training data, as Parquet.
        data: The other table, such as the rows to predict, as Parquet.
        columns: The columns to compare. If empty, all; a column that only one table has, or whose
            type differs, has drifted.
        thresholds: The values above which a column has drifted: `psi` (population stability index,
            default 0.2; Siddiqi, Credit Risk Scorecards, 2006), `jensen_shannon` (distance from 0
            to 1 with logarithms to the base 2, default 0.1; Lin, IEEE Transactions on Information
            Theory 37(1), 1991) and `kolmogorov_smirnov` (statistic from 0 to 1, default 0.1; only
            numbers, times and lengths). Differences that chance explains with a probability above
            0.1 % never count (Yurdakul, Statistical Properties of Population Stability Index,
            2018).
        fail_on_drift: Whether the task fails if a column has drifted. The report is written first.
        most_rows: The most rows of each table that are compared, taken at even distances.

    Returns:
        metrics: `drifted_columns`, `compared_columns` and `largest_psi`.
        report: The measures of each column as a self-contained HTML page. It shows no values of
            the tables.
        drifted: Whether at least one column has drifted.
        columns: These columns.

    Raises:
        kfpkit.helpers.comparisons.DriftError: A column has drifted, and `fail_on_drift` is set.
        ValueError: A table has no rows, a column does not exist in the reference, or a measure does
            not exist.
    """
    from pathlib import Path

    from kfpkit.helpers.comparisons import DriftError, compare_tables, comparison_report
    from kfpkit.helpers.tables import open_table

    comparison = compare_tables(
        open_table(reference.path),
        open_table(data.path),
        columns=columns,
        thresholds=thresholds,
        most_rows=most_rows,
    )
    Path(report.path).write_text(comparison_report(comparison), encoding="utf-8")
    metrics.log_metric("drifted_columns", len(comparison.drifted))
    metrics.log_metric("compared_columns", len(comparison.differences))
    metrics.log_metric("largest_psi", max((each.psi for each in comparison.differences), default=0))
    if comparison.drifted and fail_on_drift:
        raise DriftError(comparison)
    return Drift(drifted=bool(comparison.drifted), columns=list(comparison.drifted))
