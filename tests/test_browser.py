"""The browser of the tests tells apart what a user would."""

from __future__ import annotations

import pytest

PAGE = """<!doctype html>
<title>Fish</title>
<p id="kind">cod</p>
<script>document.getElementById("kind").textContent = "haddock";</script>
"""


@pytest.fixture
def file(tmp_path):
    def write(name: str, content: str) -> str:
        (tmp_path / name).write_text(content)
        return (tmp_path / name).as_uri()

    return write


def test_a_page_is_shown_after_its_scripts_ran(open_page, file):
    shown = open_page(file("page.html", PAGE))
    assert (shown.title, shown.is_source, shown.console) == ("Fish", False, [])
    assert '<p id="kind">haddock</p>' in shown.content


def test_a_page_without_a_suffix_is_shown_as_its_source(open_page, file):
    shown = open_page(file("page", PAGE))
    assert shown.is_source
    assert shown.title == ""


def test_errors_of_scripts_are_heard(open_page, file):
    [line] = open_page(file("page.html", f"{PAGE}<script>fail()</script>")).console
    assert "ReferenceError: fail is not defined" in line
