"""Reports: one HTML page that needs no other file, with tables, matrices and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jinja2

_TEMPLATE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 2rem auto; }
table { border-collapse: collapse; margin-bottom: 1.5rem; }
th, td { border-bottom: 1px solid #ddd; padding: .3rem .8rem; text-align: left; }
figure { display: inline-block; margin: 0 1.5rem 1.5rem 0; vertical-align: top; }
figcaption { font-weight: bold; margin-bottom: .5rem; }
figure td { border: 1px solid #ddd; padding: 1.5rem 2rem; text-align: center; }
figure th, figure thead td { border: 0; max-width: 14rem; overflow-wrap: anywhere; }
figure thead th { text-align: center; }
figure tbody th { text-align: right; }
svg { display: block; height: auto; max-width: 100%; }
</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>{{ summary }}</p>
{% for table in tables -%}
<h2>{{ table.title }}</h2>
<table>
<thead><tr>{% for name in table.header %}<th>{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows -%}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor -%}
</tbody>
</table>
{% endfor -%}
{% for matrix in matrices -%}
<figure><figcaption>{{ matrix.title }}</figcaption>
<table>
<thead>
<tr><td></td>{% for name in matrix.columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr>
</thead>
<tbody>
{% for name, cells in matrix.shaded -%}
<tr><th scope="row">{{ name }}</th>
{%- for count, style in cells %}<td style="{{ style }}">{{ count }}</td>{% endfor %}</tr>
{% endfor -%}
</tbody>
</table></figure>
{% endfor -%}
{% for picture in pictures -%}
<figure><figcaption>{{ picture.title }}</figcaption>
{{ picture.svg | safe }}</figure>
{% endfor -%}
</body>
</html>
"""

# From which share of the largest count on white is easier to read than black.
_DARK = 0.6


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a report.

    Args:
        title: What stands above it.
        header: The columns' names.
        rows: The cells' texts.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Counts by two things, the larger the darker.

    Args:
        title: What stands above it.
        rows: The rows' names.
        columns: The columns' names.
        counts: A list for each row.
    """

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    counts: Sequence[Sequence[int]]

    @property
    def shaded(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Each row's name, and its counts with their CSS."""
        return [
            (name, [(count, self._shade(count)) for count in counts])
            for name, counts in zip(self.rows, self.counts, strict=True)
        ]

    def _shade(self, count: int) -> str:
        share = count / max(1, *map(max, self.counts))
        color = "#fff" if share > _DARK else "#222"
        return f"background: rgb(33 113 181 / {share:.0%}); color: {color}"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of a report.

    Args:
        title: What stands above it.
        svg: The picture, an `<svg>` element; it becomes part of the page as it is.
    """

    title: str
    svg: str


def html_page(
    title: str,
    summary: str,
    *,
    tables: Sequence[Table] = (),
    matrices: Sequence[Matrix] = (),
    pictures: Sequence[Picture] = (),
) -> str:
    """Write a report; every text in it is escaped.

    Args:
        title: The page's title.
        summary: A sentence below it.
        tables: The tables, in order.
        matrices: The matrices that follow them.
        pictures: The pictures that follow these.

    Returns:
        The page.
    """
    template = jinja2.Environment(autoescape=True, keep_trailing_newline=True).from_string(
        _TEMPLATE
    )
    page: str = template.render(
        title=title, summary=summary, tables=tables, matrices=matrices, pictures=pictures
    )
    return page
