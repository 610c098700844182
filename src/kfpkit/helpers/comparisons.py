"""Comparisons of two tables, column by column, and their report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kfpkit.helpers.distributions import Difference, difference_of
from kfpkit.helpers.reports import Table, Verdict, html_page
from kfpkit.helpers.table_samples import sample_table
from kfpkit.helpers.tables import StoredTable, require_names

THRESHOLDS = {"psi": 0.2, "jensen_shannon": 0.1, "kolmogorov_smirnov": 0.1}


class DriftError(ValueError):
    """Columns of two tables differ more than they may."""

    def __init__(self, comparison: Comparison) -> None:
        """List the columns."""
        self.comparison = comparison
        listed = "\n".join(f"  {reason}" for reason in comparison.reasons)
        super().__init__(
            f"The data differs from the reference in these columns:\n{listed}\n"
            "Train again with current data, correct the source, or raise `thresholds` if the "
            "difference is acceptable."
        )


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two tables.

    Args:
        differences: One for each column of both tables.
        changes: Columns that only one table has, or whose type differs, with a sentence for each.
        thresholds: The value of each measure above which a column has drifted.
        rows: The numbers of rows of the reference and of the other table.
    """

    differences: tuple[Difference, ...]
    changes: Mapping[str, str]
    thresholds: Mapping[str, float]
    rows: tuple[int, int]

    @property
    def drifted(self) -> tuple[str, ...]:
        """The columns that have drifted, are missing or have another type."""
        return (*self.changes, *(each.column for each in self.differences if self.exceeded(each)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """A line for each of these columns."""
        moved = (
            f"`{each.column}`: "
            + ", ".join(f"{name} {getattr(each, name):.3f}" for name in self.exceeded(each))
            for each in self.differences
            if self.exceeded(each)
        )
        return (*(f"`{name}`: {change}" for name, change in self.changes.items()), *moved)

    def exceeded(self, difference: Difference) -> list[str]:
        """Return the measures of a column that are above their threshold, and not by chance."""
        if not difference.is_significant:
            return []
        return [
            name
            for name, most in self.thresholds.items()
            if (value := getattr(difference, name)) is not None and value > most
        ]


def compare_tables(
    reference: StoredTable,
    data: StoredTable,
    *,
    columns: list[str],
    thresholds: Mapping[str, float],
    most_rows: int,
) -> Comparison:
    """Compare the distributions of two tables.

    Args:
        reference: The table to compare with, such as the training data.
        data: The other table.
        columns: The columns to compare. All of the reference if empty.
        thresholds: Other thresholds than `THRESHOLDS`, by measure.
        most_rows: The most rows of each table that are compared, at even distances.

    Raises:
        ValueError: A table has no rows, a column is missing in the reference, or a measure doesn't
            exist.
    """
    unknown = sorted(set(thresholds) - set(THRESHOLDS))
    if unknown:
        known = ", ".join(f"`{name}`" for name in THRESHOLDS)
        raise ValueError(f"The measure `{unknown[0]}` does not exist. Choose among {known}.")
    require_names(reference.schema.names, columns)
    compared = columns or reference.schema.names
    changes = {name: _change_of(name, reference, data) for name in compared}
    if not columns:
        changes |= {
            name: "the reference does not have this column"
            for name in data.schema.names
            if name not in reference.schema.names
        }
    before, after = sample_table(reference, most_rows), sample_table(data, most_rows)
    same = [name for name in compared if not changes[name]]
    return Comparison(
        differences=tuple(difference_of(name, before[name], after[name]) for name in same),
        changes={name: change for name, change in changes.items() if change},
        thresholds={**THRESHOLDS, **thresholds},
        rows=(reference.rows, data.rows),
    )


def comparison_report(comparison: Comparison) -> str:
    """Write a comparison as an HTML page, without any value of the tables."""
    drifted = comparison.drifted
    ordered = sorted(comparison.differences, key=lambda each: -each.psi)
    limits = ", ".join(f"{name} {value:g}" for name, value in comparison.thresholds.items())
    tables = [
        Table(
            title="Columns",
            header=(
                "column",
                "compared by",
                "PSI",
                "Jensen-Shannon",
                "Kolmogorov-Smirnov",
                "missing before",
                "missing now",
                "verdict",
            ),
            rows=[_row(each, comparison) for each in ordered],
            more=f"A column has drifted if a measure is above its threshold ({limits}), and chance "
            "hardly explains it.",
        )
    ]
    if comparison.changes:
        rows = [[name, change] for name, change in comparison.changes.items()]
        tables.insert(0, Table(title="Changed columns", header=("column", "change"), rows=rows))
    count = len(drifted)
    return html_page(
        "Data comparison",
        f"{count} column{'s differ' if count != 1 else ' differs'} from the reference."
        if count
        else "No column differs from the reference by more than its threshold.",
        verdict=Verdict(text="drifted" if count else "stable", is_good=not count),
        values={
            "reference rows": f"{comparison.rows[0]:,}",
            "rows": f"{comparison.rows[1]:,}",
            "columns": f"{len(comparison.differences) + len(comparison.changes):,}",
            "drifted": f"{count:,}",
        },
        tables=tables,
    )


def _change_of(name: str, reference: StoredTable, data: StoredTable) -> str:
    if name not in data.schema.names:
        return "the data does not have this column"
    before, after = (table.schema.field(name).type for table in (reference, data))
    return "" if before == after else f"the type was {before} and is {after}"


def _row(difference: Difference, comparison: Comparison) -> list[str]:
    statistic = difference.kolmogorov_smirnov
    return [
        difference.column,
        difference.kind,
        f"{difference.psi:.3f}",
        f"{difference.jensen_shannon:.3f}",
        "" if statistic is None else f"{statistic:.3f}",
        f"{difference.missing[0]:.1%}",
        f"{difference.missing[1]:.1%}",
        "drifted" if comparison.exceeded(difference) else "stable",
    ]
