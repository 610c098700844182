"""The documentation as the site that `make docs` builds, in a browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from faulty_http import Server

ROOT = Path(__file__).parents[2]
PAGES = {
    "": "kfpkit",
    "how-to/local-runs/": "Run on this machine",
    "reference/python/": "Python",
    "reference/catalogue/": "Catalogue",
    "decisions/": "Decisions",
}
# What a page loads by itself, from a place that is not the site.
OUTSIDE = re.compile(r'<(?:script|img|iframe|link(?! rel="canonical"))\b[^>]*(?:src|href)="https?:')

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Site:
    """The site, served on this machine."""

    address: str
    missing: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    missing: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def send_error(self, *arguments: object) -> None:
            missing.append(self.path)
            super().send_error(*arguments)

    with Server(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(f"http://127.0.0.1:{server.server_port}/", missing)
        server.shutdown()


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_a_page_of_the_site_is_shown(open_page, site, path, heading):
    shown = open_page(f"{site.address}{path}")

    assert not shown.is_source
    assert re.search(rf"<h1[^>]*>{heading}\b", shown.content)
    assert shown.console == []
    assert site.missing == []
    assert OUTSIDE.findall(shown.content) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("drift", ["compare_data"]),
        ("SNAPSHOT gcp", ["table_snapshot"]),
        ("train_data salt folds", ["split_data"]),
        ("teapot", []),
    ],
)
def test_the_catalogue_shows_what_has_all_words(chromium, site, words, found):
    page = chromium.new_page()
    page.goto(f"{site.address}reference/catalogue/")
    rows = page.locator("article tbody tr:visible")
    every = rows.count()

    page.fill("#catalogue-words", words)
    names = [rows.nth(at).locator("td").first.inner_text() for at in range(rows.count())]

    assert names == found
    assert page.inner_text("#catalogue-count") == f"{len(found)} of {every}"
    page.close()


def test_the_site_has_definition_lists_two_schemes_and_decisions_folded(open_page, site):
    shown = open_page(site.address).content

    assert "<dl>" in shown
    assert re.search(r'<input[^>]*data-md-color-scheme="slate"', shown)
    assert re.search(r'<input[^>]*data-md-color-scheme="default"', shown)
    folded = re.search(r'<li class="([^"]*)">(?:(?!</li>).)*?href="decisions/"', shown, re.DOTALL)
    assert "md-nav__item--section" not in folded[1]
