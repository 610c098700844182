"""The files that a page is made of, as they go into it."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TypedDict

_FOLDER = Path(__file__).parent
VENDOR = _FOLDER / "vendor"
# Each uses what those before it define.
_SCRIPTS = ("record", "metrics", "graph", "timeline", "panel", "tables", "page")
_COMMENT = re.compile(r"/\*.*?\*/\n*", re.DOTALL)
# Spaces that mean nothing, also in the strings and templates of these files.
_STYLE = re.compile(r"\s*([{};>])\s*|(?<=[:,]) ")
_SCRIPT = (
    (re.compile(r"^[ \t]+|^//.*\n| // .*$", re.MULTILINE), ""),
    (re.compile(r"\n+(?=[?:.}&|)\]<]|\n)|(?<=[{(\[,;>])\n+| (?=/>)"), ""),
    (re.compile(r" (=>|[=!]==|&&|\|\||\?\?|[?=:+*<>-]) "), r"\1"),
    (re.compile(r"(?<=\{) (?=\S)|(?<=\S) (?=\})|(?<=\)) (?=\{)|(?<=,) (?=[\w${(\[])"), ""),
    (re.compile(r"\b(if|for) (?=\()"), r"\1"),
    (re.compile(r"\bundefined\b"), "void 0"),
    (re.compile(r"\((\w+)\)=>"), r"\1=>"),
)
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
    """Return the files of npm packages that are part of each page."""
    listed: list[Vendored] = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    return listed


@functools.cache
def read_template() -> str:
    """Return the page with its placeholders."""
    return (_FOLDER / "page.html").read_text(encoding="utf-8")


@functools.cache
def read_style() -> str:
    """Return the stylesheet, without what only its authors read."""
    text = (_FOLDER / "page.css").read_text(encoding="utf-8")
    return _STYLE.sub(lambda found: found[1] or "", _COMMENT.sub("", text)).replace(";}", "}")


@functools.cache
def read_scripts() -> str:
    """Return the elements with all scripts: the vendored libraries, then those of the page."""
    vendored = [_element(_read_vendored(each)) for each in list_vendored()]
    own = "".join(
        (_FOLDER / "scripts" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS
    )
    return "\n".join([*vendored, _element(f'(()=>{{"use strict";\n{_condense(own)}}})();')])


def _condense(script: str) -> str:
    """Return a script of the page without what only its authors read."""
    for found, kept in _SCRIPT:
        script = found.sub(kept, script)
    return script


def _read_vendored(described: Vendored) -> str:
    text = (VENDOR / described["file"]).read_text(encoding="utf-8")
    notice = "{package} {version}, {license}. {notice}".format(**described)
    # Its map is not part of the page.
    return f"/*! {notice} */\n{_SOURCE_MAP.sub('', text).strip()}"


def _element(script: str) -> str:
    return f"<script>{script}</script>"
