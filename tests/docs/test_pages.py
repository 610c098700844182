"""Each page describes itself, leads on, and names what exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# A decision is looked up from the page that it explains, and ends with its consequence.
RECORDS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
CODE = [ROOT / folder for folder in ("src", "tests", "benchmarks", "mutants")]
FILES = [path.relative_to(ROOT).as_posix() for folder in CODE for path in folder.rglob("*")]
# A record may leave out `src/kfpkit/`; `environments/NAME` is then a project's folder.
FOLDERS = {each.name for each in (*CODE, *(ROOT / "src" / "kfpkit").iterdir())}


def name(page):
    return page.relative_to(ROOT).as_posix()


def describe(page):
    _, front, _ = page.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front)["description"]


def test_each_page_has_its_own_description():
    descriptions = [describe(page) for page in PAGES]

    assert all(descriptions)
    assert len(set(descriptions)) == len(PAGES)


@pytest.mark.parametrize("page", [each for each in PAGES if each not in RECORDS], ids=name)
def test_a_page_ends_with_a_next_step(page):
    _, _, last = page.read_text(encoding="utf-8").rpartition("\n## ")

    assert re.search(r"^(?:- .*|\| .*)\]\(\S+\.md\)", last, re.MULTILINE)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=name)
def test_named_modules_exist(page):
    text = page.read_text(encoding="utf-8")

    for dotted in re.findall(r"(?<!tool\.)\b(kfpkit(?:\.[a-z]\w*)+)(?!\w*[-\]])", text):
        assert resolves(dotted), dotted


@pytest.mark.parametrize("page", [*RECORDS, ROOT / "CONTRIBUTING.md"], ids=name)
def test_named_files_exist(page):
    named = re.findall(r"`((?:[\w.]+/)+[\w.]*)`", page.read_text(encoding="utf-8"))

    for path in named:
        if path.partition("/")[0] in FOLDERS and (
            ROOT / path.partition("/")[0] in CODE or path.endswith(".py")
        ):
            assert any(f"/{each}".endswith(f"/{path.rstrip('/')}") for each in FILES), path


def resolves(dotted):
    """Tell whether a module, or a name in one, has this path."""
    module, _, attribute = dotted.rpartition(".")
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        return hasattr(importlib.import_module(module), attribute)
    return True
