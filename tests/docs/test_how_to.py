"""The how-to guides, followed word by word."""

from __future__ import annotations

import pytest

PAGES = (
    "configure",
    "data-files",
    pytest.param("editors", marks=pytest.mark.slow),
    "environments",
    "foreign-images",
    "imports",
    pytest.param("local-runs", marks=pytest.mark.slow),
    pytest.param("objects", marks=pytest.mark.slow),
    pytest.param("own-module", marks=pytest.mark.slow),
    "rebind",
    pytest.param("select-a-model", marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    pytest.param("test-components", marks=pytest.mark.slow),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_gets_what_the_page_shows(page, document, clone):
    document(f"docs/how-to/{page}.md").follow(clone)
