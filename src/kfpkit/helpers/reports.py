"""Reports: one HTML page that needs no other file, with tables and pictures."""

from __future__ import annotations

import base64
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
figure { display: inline-block; margin: 0 1rem 1rem 0; }
img { max-width: 100%; }
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
{% for picture in pictures -%}
<figure><figcaption>{{ picture.title }}</figcaption>
<img alt="{{ picture.title }}" src="data:image/png;base64,{{ picture.base64 }}"></figure>
{% endfor -%}
</body>
</html>
"""


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
class Picture:
    """A picture of a report.

    Args:
        title: What stands above it.
        png: The image.
    """

    title: str
    png: bytes

    @property
    def base64(self) -> str:
        """The image as text."""
        return base64.b64encode(self.png).decode("ascii")


def html_page(
    title: str, summary: str, *, tables: Sequence[Table] = (), pictures: Sequence[Picture] = ()
) -> str:
    """Write a report; every text in it is escaped.

    Args:
        title: The page's title.
        summary: A sentence below it.
        tables: The tables, in order.
        pictures: The pictures that follow them.

    Returns:
        The page.
    """
    template = jinja2.Environment(autoescape=True, keep_trailing_newline=True).from_string(
        _TEMPLATE
    )
    page: str = template.render(title=title, summary=summary, tables=tables, pictures=pictures)
    return page
