"""The tutorial "Your own table", followed word by word in an empty folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docs.conftest import Document

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def followed(tmp_path):
    """Return the project of a reader who has followed the tutorial."""
    Document(file=ROOT / "docs" / "own-table.md").follow(tmp_path)
    return tmp_path / "penguins"


def test_each_run_has_a_judged_model_and_its_page(followed):
    runs = sorted((followed / ".kfpkit" / "runs").glob("*-training"))

    assert len(runs) == 2
    for run, beaten in zip(
        runs, (lambda value: value < 0.3, lambda value: value > 0.8), strict=True
    ):
        outputs = json.loads((run / "run.json").read_text())["outputs"]
        assert beaten(outputs["metric_value"]["value"])
        assert len(list((run / "pages").glob("evaluate-model*-report.html"))) == 3
        assert len(list((run / "pages").glob("profile-data-report.html"))) == 1
        assert (run / "page.html").is_file()
