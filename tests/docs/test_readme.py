"""The README's commands exist, and its example compiles and runs."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

PAGES = ("README.md", "CONTRIBUTING.md", "docs/tutorial.md", "docs/how-to/local-runs.md")


@pytest.mark.parametrize("page", PAGES)
def test_named_make_targets_exist(page, document):
    targets = re.findall(r"^([a-z-]+):.*## ", document("Makefile").text, re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z-]+)", document(page).text, re.MULTILINE)

    assert named
    assert set(named) <= set(targets)


def test_links_lead_to_files(document):
    readme = document("README.md")
    links = re.findall(r"\]\(([^)#:]+)\)", readme.text)

    assert links
    assert all((readme.file.parent / link).is_file() for link in links)


@pytest.mark.slow
def test_the_example_runs(document, clone):
    document("README.md").follow(clone)
    command = [sys.executable, "-m", "kfpkit", "run", "pipelines/fraud"]

    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4.0" in (clone / ".kfpkit/runs/latest/run.json").read_text(encoding="utf-8")
