"""Reports: self-contained HTML pages with values, figures and tables, without scripts.

A report looks like the page of a run, which shows it: `report.css` has the same colors and fonts,
light and dark. All strings are escaped, and the page's policy keeps a browser from requesting
anything from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import markupsafe

_TEMPLATE = Path(__file__).with_name("report.html")
_STYLE = Path(__file__).with_name("report.css")

_LONGEST = 1000
_CODE = re.compile(r"`([^`\n]+)`")
# How strongly a cell of a matrix is colored: no row, and all rows of its label.
_FAINT, _STRONG = 15, 60


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether what a report describes is as it must be.

    Args:
        text: A word or two, such as `valid`.
        is_good: Whether it is.
    """

    text: str
    is_good: bool

    @property
    def tone(self) -> str:
        """The class of its colors in the stylesheet."""
        return "good" if self.is_good else "bad"

    @property
    def icon(self) -> str:
        """The character in front of the text."""
        return "✓" if self.is_good else "✕"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a report.

    Args:
        title: The heading above it. Words between backticks are code.
        header: The columns' names.
        rows: The cells' strings.
        more: A line below the table, for example how many rows it leaves out.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A count of a matrix.

    Args:
        count: The number of rows.
        total: The number of rows with the same label.
        is_right: Whether the prediction is the label.
    """

    count: int
    total: int
    is_right: bool

    @property
    def tone(self) -> str:
        """The class of its colors in the stylesheet."""
        return "good" if self.is_right else "bad"

    @property
    def strength(self) -> int:
        """The share of the color in the background, in percent."""
        return round(_FAINT + (_STRONG - _FAINT) * self.count / max(self.total, 1))

    @property
    def share(self) -> str:
        """The share of the label's rows. Empty if there are none."""
        return f"{self.count / self.total:.0%}" if self.total else ""


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Rows of data, counted by label and prediction.

    Args:
        title: The caption.
        categories: The names of the labels, which are those of the predictions.
        counts: For each label, the counts by prediction.
    """

    title: str
    categories: Sequence[str]
    counts: Sequence[Sequence[int]]

    @property
    def cells(self) -> Iterator[list[Cell]]:
        """The cells of each row."""
        for label, counts in enumerate(self.counts):
            total = sum(counts)
            yield [
                Cell(count=count, total=total, is_right=label == predicted)
                for predicted, count in enumerate(counts)
            ]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of a report.

    Args:
        title: The caption.
        svg: An `<svg>` element. It becomes part of the page unchanged, and can use the colors of
            `report.css`, such as `var(--near)`.
    """

    title: str
    svg: str


def html_page(
    title: str,
    summary: str,
    *,
    verdict: Verdict | None = None,
    values: Mapping[str, str] | None = None,
    figures: Sequence[Matrix | Picture] = (),
    tables: Sequence[Table] = (),
) -> str:
    """Write a report. All strings in it are escaped, and long ones are shortened.

    Args:
        title: The page's title.
        summary: One or two sentences below it. Words between backticks are code.
        verdict: The state in front of the title.
        values: The most important values by name.
        figures: The figures, side by side where there is space.
        tables: The tables below the figures, also side by side.

    Returns:
        The page.
    """
    engine = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    engine.filters.update(cut=_cut, mark=_mark)
    page: str = engine.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        title=title,
        summary=summary,
        style=_STYLE.read_text(encoding="utf-8"),
        verdict=verdict,
        values=values,
        figures=figures,
        tables=tables,
    )
    return page


def _cut(text: str) -> str:
    """Shorten a long string, so that one value doesn't make the page unreadable."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}… ({len(text):,} characters)"


def _mark(text: str) -> markupsafe.Markup:
    """Escape a string, and turn words between backticks into code."""
    escaped = str(markupsafe.escape(text))  # `Markup` would escape again what `sub` puts in
    return markupsafe.Markup(_CODE.sub(r"<code>\1</code>", escaped))  # noqa: S704 - escaped
