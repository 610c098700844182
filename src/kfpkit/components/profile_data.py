"""`profile_data`: describe a table as a page."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def profile_data(
    data: dsl.Input[dsl.Dataset],
    report: dsl.Output[dsl.HTML],
    metrics: dsl.Output[dsl.Metrics],
    key: str = "",
    target: str = "",
    show_values: bool = False,  # noqa: FBT001, FBT002 - an input of a task is given by name
    smallest_group: int = 10,
    most_rows: int = 100000,
) -> None:
    """Describe a table: types, gaps, distributions, duplicates, correlations, suspected leakage.

    By default, the page shows no values of strings, and nothing that stands for fewer than ten
    rows.

    Args:
        data: The table, as Parquet. It is read a batch at a time and may be larger than memory.
        key: The column that identifies a row. If empty, keys are not compared.
        target: The column that a model is to predict. If given, columns that predict it almost
            alone are suspected to be known only afterwards: those that avoid at least 90 % of the
            errors (Goodman and Kruskal's lambda, Journal of the American Statistical Association
            49, 1954, for classes; the coefficient of determination for numbers).
        show_values: Whether the page shows the most frequent values of columns with few values.
        smallest_group: The least number of rows that a shown value, quantile or bar stands for.
        most_rows: The most rows from which distributions are computed, at even distances. Missing
            values and duplicates are counted in all rows. Duplicates among more than 5 million
            different rows or keys are estimated from a share of them, which their hashes choose;
            the page then says "about".

    Returns:
        report: The profile as a self-contained HTML page.
        metrics: `rows`, `columns`, `repeated_rows`, `repeated_keys`, `suspected_leaks` and
            `findings`.

    Raises:
        ValueError: The table has no rows, or the key or the target is missing.
    """
    from pathlib import Path

    from kfpkit.helpers.profile_reports import profile_report
    from kfpkit.helpers.profiles import profile_table
    from kfpkit.helpers.tables import open_table

    profile = profile_table(open_table(data.path), key=key, target=target, most_rows=most_rows)
    page = profile_report(profile, show_values=show_values, smallest_group=smallest_group)
    Path(report.path).write_text(page, encoding="utf-8")
    metrics.log_metric("rows", profile.rows)
    metrics.log_metric("columns", len(profile.columns))
    metrics.log_metric("repeated_rows", profile.doubled_rows.count)
    metrics.log_metric("repeated_keys", profile.doubled_keys.count)
    metrics.log_metric("suspected_leaks", len(profile.suspects))
    metrics.log_metric("findings", len(profile.findings))
