"""Docs, docstrings and messages avoid the phrases that CONTRIBUTING lists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "kfpkit"

# The content hashes of images cover these files.
HASHED = SOURCE / "environments" / "recipe"

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if HASHED not in path.parents]


@pytest.fixture(scope="module")
def phrases():
    """Return a pattern for the phrases."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    table = text.split("| Don't write | Write |\n| --- | --- |\n", 1)[1].split("\n\n", 1)[0]
    listed = [
        phrase
        for row in table.splitlines()
        for phrase in row.split(" | ")[0].strip("| ").split(", ")
    ]
    return re.compile(rf"\b({'|'.join(map(re.escape, listed))})s?\b", re.IGNORECASE)


def test_the_pattern_finds_each_phrase(phrases):
    assert phrases.findall("Read it anew. The Licence can be had, lest nobody reads in vain.") == [
        "anew",
        "Licence",
        "can be had",
        "lest",
        "nobody",
        "in vain",
    ]
    assert not phrases.search("The newest page blesses a whole line.")


def test_pages_avoid_the_phrases(phrases):
    found = [
        f"{page.relative_to(ROOT)}:{number}: {match[0]}"
        for page in PAGES
        for number, line in enumerate(page.read_text().splitlines(), 1)
        for match in phrases.finditer(line)
    ]

    assert found == []


def test_docstrings_and_messages_avoid_the_phrases(phrases):
    found = [
        f"{module.relative_to(ROOT)}:{node.lineno}: {match[0]}"
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for match in phrases.finditer(node.value)
    ]

    assert found == []
