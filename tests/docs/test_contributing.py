"""CONTRIBUTING lists the folders and files that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "kfpkit"


@pytest.fixture
def section(document):
    """Return a function that gives the text below a heading."""
    text = document("CONTRIBUTING.md").text

    def find(heading):
        return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]

    return find


def test_the_layout_lists_the_folders_that_exist(section):
    listed = list_folders(section("Layout"))

    # The template is a project of its own.
    existing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_dir() and path.name != "__pycache__"
        if PACKAGE / "scaffold" / "template" not in path.parents
        if any(path.glob("*.*"))
    }
    assert set(listed) == existing
    assert len(listed) == len(existing)


def test_the_files_of_each_answer_exist(section):
    rows = re.findall(
        r"^\| (?!I want|---)(.+?) \| (.+) \|$", section("In which file would I …"), re.MULTILINE
    )

    assert len(rows) == 17
    for question, answer in rows:
        paths = re.findall(r"`((?:src|docs)/[^`]+)`", answer)
        assert paths, question
        assert all((ROOT / path).is_file() for path in paths), question


def list_folders(text):
    """Return the folders of the tree below the package, as paths."""
    above = []
    found = []
    tree = text.split("src/kfpkit/\n", 1)[1].split("```", 1)[0]
    for indent, name in re.findall(r"^( *)(\w+)/ ", tree, re.MULTILINE):
        if not indent:
            break
        above[len(indent) // 2 - 1 :] = [name]
        found.append("/".join(above))
    return found
