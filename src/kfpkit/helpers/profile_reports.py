"""The page of a profile. It shows single values, and small groups, only where asked."""

from __future__ import annotations

import pandas as pd

from kfpkit.helpers.profiles import ColumnProfile, Profile
from kfpkit.helpers.reports import Picture, Table, Verdict, html_page

_MOST_FIGURES = 24
_WIDTH, _HEIGHT = 320, 120


def profile_report(profile: Profile, *, show_values: bool, smallest_group: int) -> str:
    """Write a profile as an HTML page.

    Args:
        profile: The profile.
        show_values: Whether the page shows the most frequent values of columns.
        smallest_group: The least number of sampled rows that a value, a quantile or a bar stands
            for.
    """
    findings = [list(each) for each in profile.findings]
    header = ("column", "type", "missing", "different values", "5 %", "median", "95 %")
    rows = [_row(each, profile, smallest_group) for each in profile.columns]
    tables = [
        Table(title="Findings", header=("column", "finding"), rows=findings),
        Table(
            title="Columns",
            header=header,
            rows=rows,
            more=f"Missing values and duplicates are those of all rows, everything else that of "
            f"{profile.sampled:,} rows at even distances. Long strings are described by length. "
            "Duplicates among more than 5 million different rows are estimated.",
        ),
        Table(
            title="Correlated columns",
            header=("first", "second", "rank correlation"),
            rows=[[a, b, f"{value:.3f}"] for a, b, value in profile.correlated],
        ),
        Table(
            title="Frequent values",
            header=("column", "value", "sampled rows"),
            rows=_frequent(profile, smallest_group) if show_values else [],
        ),
    ]
    drawn = [each for each in profile.columns if each.histogram and each.distinct > 1]
    return html_page(
        "Data profile",
        f"The table has {profile.rows:,} rows and {len(profile.columns)} columns.",
        verdict=Verdict(
            text=f"{len(findings)} findings" if findings else "nothing unusual",
            is_good=not findings,
        ),
        values={
            "rows": f"{profile.rows:,}",
            "columns": f"{len(profile.columns):,}",
            "repeated rows": str(profile.doubled_rows),
            "suspected leaks": f"{len(profile.suspects):,}",
        },
        figures=[_picture(each, smallest_group) for each in drawn[:_MOST_FIGURES]],
        tables=[table for table in tables if table.rows],
    )


def _row(column: ColumnProfile, profile: Profile, smallest_group: int) -> list[str]:
    # 5 % of the sample lie beyond the outer quantiles.
    enough = profile.sampled * 0.05 * (1 - column.gaps) >= smallest_group
    shown = [_written(value, column.kind) for value in column.quantiles] if enough else []
    return [
        column.name,
        column.type,
        f"{column.gaps:.1%}",
        f"{column.distinct:,}",
        *(shown or ["", "", ""]),
    ]


def _written(value: float, kind: str) -> str:
    if kind == "time":
        return str(pd.Timestamp(round(value), unit="us").strftime("%Y-%m-%d %H:%M"))
    return f"{value:.4g}"


def _frequent(profile: Profile, smallest_group: int) -> list[list[str]]:
    return [
        [column.name, value, f"{count:,}"]
        for column in profile.columns
        for value, count in column.counts.items()
        if count >= smallest_group
    ]


def _picture(column: ColumnProfile, smallest_group: int) -> Picture:
    shown = [count if count >= smallest_group else 0 for count in column.histogram]
    most = max(*shown, 1)
    width = _WIDTH / len(shown)
    bars = "".join(
        f'<rect x="{place * width:.1f}" y="{_HEIGHT * (1 - count / most):.1f}" '
        f'width="{width - 1:.1f}" height="{_HEIGHT * count / most:.1f}"/>'
        for place, count in enumerate(shown)
        if count
    )
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    svg = f'<svg {size} role="img" fill="var(--near)"><title>Distribution</title>{bars}</svg>'
    what = "length of " if column.kind == "length" else ""
    return Picture(title=f"{what}{column.name}", svg=svg)
