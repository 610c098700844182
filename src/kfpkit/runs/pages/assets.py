"""The files that pages are made of: the template, styles, scripts and libraries."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Literal, TypedDict

_FOLDER = Path(__file__).parent
VENDOR = _FOLDER / "vendor"
CONDENSED = _FOLDER / "condensed"
Page = Literal["run", "comparison"]
"""The kinds of pages."""

# Only the page of a run lays out a graph.
_LIBRARIES = {"run": ("@dagrejs/dagre", "htm"), "comparison": ("htm",)}
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


class Vendored(TypedDict):
    """A file of a package from npm, as `vendor.json` describes it."""

    file: str
    package: str
    version: str
    path: str
    sha256: str
    license: str
    notice: str


def list_vendored() -> list[Vendored]:
    """Return the files of npm packages that are part of pages."""
    listed: list[Vendored] = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    return listed


@functools.cache
def read_template() -> str:
    """Return the template of all pages, with its placeholders."""
    return (_FOLDER / "page.html").read_text(encoding="utf-8")


@functools.cache
def read_style(page: Page) -> str:
    """Return the stylesheet of a kind of page."""
    return (CONDENSED / f"{page}.css").read_text(encoding="utf-8").strip()


@functools.cache
def read_scripts(page: Page) -> str:
    """Return the elements with all scripts: the vendored libraries, then those of the page."""
    libraries = [each for each in list_vendored() if each["package"] in _LIBRARIES[page]]
    own = (CONDENSED / f"{page}.js").read_text(encoding="utf-8").strip()
    return "\n".join(_element(script) for script in [*map(_read_vendored, libraries), own])


def _read_vendored(described: Vendored) -> str:
    text = (VENDOR / described["file"]).read_text(encoding="utf-8")
    notice = "{package} {version}, {license}. {notice}".format(**described)
    # The source map isn't part of the page.
    return f"/*! {notice} */\n{_SOURCE_MAP.sub('', text).strip()}"


def _element(script: str) -> str:
    return f"<script>{script}</script>"
