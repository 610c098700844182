"""The training pipeline on this machine, as the README runs it, in a project of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from opened import FEWEST_COLORS, check_silence, open_in

from kfpkit.emulators import emulators
from kfpkit.project.project import find_project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project with the repository's pipelines and environments, and seed it."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    for folder in ("pipelines", "environments"):
        shutil.copytree(ROOT / folder, root / folder)
    assert run(root, "seed").returncode == 0
    return root


@pytest.fixture(scope="module")
def first(home: Path) -> subprocess.CompletedProcess[str]:
    return run(home, "training")


@pytest.fixture(scope="module")
def again(home: Path, first: Any) -> subprocess.CompletedProcess[str]:
    return run(home, "training")


@pytest.fixture(params=["light", "dark"])
def photograph(chromium: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a function that opens a page and photographs it; it may say and ask nothing."""
    opened = []

    def photograph(file: Path) -> Any:
        opened.append(open_in(chromium, file.resolve().as_uri(), scheme=request.param))
        assert opened[-1].photograph(tmp_path / "page.png") >= FEWEST_COLORS
        assert opened[-1].find_faults() == []
        return opened[-1]

    yield photograph
    check_silence(opened)


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bigquery.Client]:
    """Serve what the runs left in the project's tables."""
    with emulators(["bigquery"], project=find_project(home), log_folder=home / "logs") as found:
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        project = found["GOOGLE_CLOUD_PROJECT"]
        yield bigquery.Client(project=project, credentials=AnonymousCredentials())


def run(root: Path, pipeline: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kfpkit", "run", f"pipelines/{pipeline}"]
    return subprocess.run(
        [*command, "--config", "local.yaml", *options],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def find_page(home: Path, done: subprocess.CompletedProcess[str]) -> Path:
    return home / re.search(r"See (\S+/page\.html)", done.stdout + done.stderr)[1]


def query(client: bigquery.Client, text: str) -> dict[str, Any]:
    (row,) = client.query(text).result()
    return dict(row)


def test_a_run_prints_its_metrics_and_where_its_products_are(home, first):
    assert first.returncode == 0, first.stdout + first.stderr
    for name in ("roc_auc", "log_loss", "random_forest", "local-project.diagnosis.predictions"):
        assert name in first.stdout
    products = re.findall(r"^\S+: (\.kfpkit/\S+)$", first.stdout, flags=re.MULTILINE)
    assert len(products) >= 5
    assert [product for product in products if not (home / product).exists()] == []


def test_a_browser_shows_the_runs_reports(home, first, open_page):
    pages = list((home / ".kfpkit/runs/latest/pages").iterdir())

    shown = {page.name: open_page(page.resolve().as_uri()) for page in pages}

    assert {"validate-data-report.html", "evaluate-model-report.html"} <= shown.keys()
    for name, page in shown.items():
        assert not page.is_source, name
        assert page.title, name
        assert page.console == [], name


def test_every_sample_has_a_good_prediction_in_the_table(first, client):
    found = query(
        client,
        """
        SELECT COUNT(*) AS total, COUNT(DISTINCT p.sample_id) AS samples,
          AVG(IF(p.prediction = b.malignant, 1.0, 0.0)) AS accuracy,
          MIN(probability) AS least, MAX(probability) AS most
        FROM diagnosis.predictions AS p JOIN diagnosis.breast_cancer AS b USING (sample_id)
        """,
    )

    assert (found["total"], found["samples"]) == (569, 569)
    assert found["accuracy"] > 0.95
    assert 0 <= found["least"] < 0.1
    assert 0.9 < found["most"] <= 1


def test_the_page_of_the_run_is_clicked_through(home, first, photograph):
    page = photograph(find_page(home, first))
    page.get_by_role("button", name="evaluate-model succeeded").first.click()
    assert "Confusion matrix" in page.panel()
    assert page.frame_locator("iframe").locator("h1").inner_text().startswith("Evaluation of")
    page.locator("aside").get_by_text("train-model.model").first.click()
    assert page.url.endswith("#task=train-model")
    page.keyboard.press("Escape")
    assert "predictions" in page.panel()
    assert page.find_faults() == []


def test_a_second_run_skips_what_has_not_changed(again):
    assert again.returncode == 0, again.stdout + again.stderr
    assert ": 11 cached, 1 skipped. See " in again.stdout.splitlines()[-1]


def test_two_runs_are_compared_on_a_page(home, again, photograph):
    command = [sys.executable, "-m", "kfpkit", "runs", "compare", "latest~1", "latest", "--page"]
    written = subprocess.run(command, cwd=home, check=True, capture_output=True, text=True).stdout

    page = photograph(home / written.strip())

    assert "11 cached" in page.locator(".top").inner_text()
    assert page.get_by_text("taken from A").count() == 11
    page.get_by_role("link", name="cached").first.click()
    assert page.locator("aside h2").inner_text() == "bigquery-query"


@pytest.fixture(scope="module")
def broken(home: Path, first: Any) -> subprocess.CompletedProcess[str]:
    """Run the pipeline with data that it refuses."""
    log_folder = home / "broken"
    with emulators(["bigquery"], project=find_project(home), log_folder=log_folder) as found:
        break_data(found)
    return run(home, "training", "--param", "dataset=broken")


def break_data(found: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in found.items():
            patch.setenv(name, value)
        project = found["GOOGLE_CLOUD_PROJECT"]
        client = bigquery.Client(project=project, credentials=AnonymousCredentials())
        client.create_dataset("broken", exists_ok=True)
        client.query(
            "CREATE OR REPLACE TABLE broken.breast_cancer AS "
            "SELECT * REPLACE (IF(sample_id = 'wdbc-007', -1.0, mean_texture) AS mean_texture) "
            "FROM diagnosis.breast_cancer"
        ).result()


def test_the_page_of_a_failed_run_shows_its_failure(home, broken, photograph):
    page = photograph(find_page(home, broken))
    assert "1 task failed. validate-data" in page.locator(".banner").inner_text()
    assert "wdbc-007" in page.panel()
    page.get_by_role("button", name="train-model not started").first.click()
    assert "validate-data did not succeed" in page.panel()


def test_broken_data_stops_the_run_and_names_the_rows(home, broken, open_page):
    assert broken.returncode == 1
    assert "validate-data" in broken.stderr
    assert "column `mean_texture`: in_range(1, 100): rows `wdbc-007` (-1.0)" in broken.stderr
    assert re.search(r"^[\d:]+ train-model \[sklearn\]: not started$", broken.stdout, re.MULTILINE)
    page = re.search(r"^validate-data\.report: (\S+)$", broken.stderr, re.MULTILINE)[1]
    shown = open_page((home / page).as_uri())
    assert not shown.is_source
    assert "wdbc-007" in shown.content
