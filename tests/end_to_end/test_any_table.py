"""A file with text, dates and gaps becomes a judged model by configuration alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

# Five libraries, each in its environment.
pytestmark = [pytest.mark.slow, pytest.mark.large, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/kfpkit/scaffold/template/overlays/table/data/penguins.csv"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Make a project with the repository's pipelines and environments."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    for folder in ("pipelines", "environments"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.mark.parametrize(
    ("configuration", "column", "most"),
    [("penguins.yaml", "prediction", 0.3), ("penguins-mass.yaml", "lower", 400)],
)
def test_five_libraries_compete(home, configuration, column, most):
    command = [sys.executable, "-m", "kfpkit", "run", "pipelines/any_table"]
    command += ["--config", configuration, "--param", f"source={SOURCE}"]

    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    folder = max((home / ".kfpkit" / "runs").glob("*-any-table"))
    outputs = json.loads((folder / "run.json").read_text())["outputs"]
    assert 0 <= outputs["metric_value"]["value"] < most
    pages = list((folder / "pages").glob("evaluate-model*-report.html"))
    assert len(pages) == 5
    [predictions] = folder.glob("artifacts/batch-predict*/predictions")
    assert pq.read_table(predictions, partitioning=None).column(column).null_count == 0
