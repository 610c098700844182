"""The guide to the flights, followed on a part of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# Five libraries, each in its environment, and 11 MB from the package index.
pytestmark = [pytest.mark.slow, pytest.mark.large, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "flights.md"
COPIED = (".ci", "Makefile", "environments", "examples", "pipelines", "pyproject.toml")
ROWS = 4000


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """Make a clone as `make install` leaves it."""
    root = tmp_path_factory.mktemp("home")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    return root


def test_a_reader_predicts_late_flights_and_their_delay(home):
    download, *runs = re.findall(
        r"^ +((?:make|\.venv/bin/kfpkit) .+)$", PAGE.read_text(), re.MULTILINE
    )

    said = execute(f"{download} -o .venv/installed ROWS={ROWS}", home)
    outputs = [json.loads(execute(f"{run} --json", home))["outputs"] for run in runs]

    assert " flights, " in said
    late, delay = (found["metric_value"]["value"] for found in outputs)
    assert 0.5 < late < 1
    assert 1 < delay < 60


def execute(command: str, folder: Path) -> str:
    """Run a command of the page; where it opens a page of a run, nothing is shown."""
    environment = {**os.environ, "BROWSER": "true", "MAKEFLAGS": ""}
    done = subprocess.run(
        command.split(), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout
