"""The features of frozen rows are published, each version once."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage

from kfpkit.emulators import emulators
from kfpkit.project.project import find_project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
TASKS = {
    *("apply-transformer", "bigquery-extract", "bigquery-extract-2", "bigquery-load"),
    *("bigquery-query", "ensure-bucket", "ensure-bucket-2", "fit-transformer", "infer-schema"),
    *("split-data", "storage-copy", "table-snapshot"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Make a project with the pipelines and environments, seed it, and publish a version."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    for folder in ("pipelines", "environments"):
        shutil.copytree(ROOT / folder, root / folder)
    for done in (run(root, "seed"), run(root, "features", "version=v1")):
        assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def latest(home):
    """Return the folder of the run that published the version."""
    return (home / ".kfpkit" / "runs" / "latest").resolve()


@pytest.fixture(scope="module")
def clients(home, latest):
    """Serve what the runs left in BigQuery and Cloud Storage."""
    with emulators(["bigquery"], project=find_project(home), log_folder=home / "logs") as found:
        patch = pytest.MonkeyPatch()
        for name, value in found.items():
            patch.setenv(name, value)
        given = {"project": found["GOOGLE_CLOUD_PROJECT"], "credentials": AnonymousCredentials()}
        yield bigquery.Client(**given), storage.Client(**given)
        patch.undo()


def run(root, pipeline, *parameters):
    command = [sys.executable, "-m", "kfpkit", "run", f"pipelines/{pipeline}"]
    options = ["--config", "local.yaml", *(f"--param={each}" for each in parameters)]
    return subprocess.run(
        [*command, *options], cwd=root, capture_output=True, text=True, check=False
    )


def test_published_features_are_those_of_the_frozen_rows(latest, clients):
    tables, objects = clients
    rows = {
        row["sample_id"]: row["malignant"]
        for row in tables.query("SELECT sample_id, malignant FROM diagnosis.rows_v1").result()
    }
    [blob] = objects.list_blobs("local-published", prefix="features/v1/")
    published = pq.read_table(io.BytesIO(blob.download_as_bytes())).sort_by("sample_id")
    made = pq.read_table(latest / "artifacts/apply-transformer/features").sort_by("sample_id")

    assert len(rows) == 569
    assert published.equals(made.select(published.column_names))
    assert dict(zip(*keys_of(published), strict=True)) == rows


def keys_of(table):
    return table["sample_id"].to_pylist(), table["malignant"].to_pylist()


def test_the_transformer_has_learned_from_the_training_rows_alone(latest):
    train = pq.read_table(latest / "artifacts/split-data/train_data")
    made = pq.read_table(latest / "artifacts/apply-transformer/features")
    chosen = pc.is_in(made["sample_id"], train["sample_id"])

    assert pc.mean(made.filter(chosen)["mean_radius"]).as_py() == pytest.approx(0, abs=1e-9)
    assert pc.mean(made["mean_radius"]).as_py() != pytest.approx(0, abs=1e-9)


def test_the_schema_of_the_rows_is_beside_the_features(latest):
    schema = yaml.safe_load((latest / "artifacts/infer-schema/file").read_text())

    assert {"sample_id", "malignant", "mean_radius"} < set(schema["columns"])


def test_a_published_version_stays_as_it_is(home, latest):
    same = run(home, "features", "version=v1")
    changed = run(home, "features", "version=v1", "description=scale: false")

    assert same.returncode == 0, same.stdout + same.stderr
    assert states_of(home, same) == {**dict.fromkeys(TASKS, "cached"), "storage-copy": "succeeded"}
    assert changed.returncode == 1
    assert states_of(home, changed)["bigquery-load"] == "failed"
    assert states_of(home, changed)["storage-copy"] == "not started"


def states_of(home, done):
    name = done.stdout.split()[1]
    record = json.loads((home / ".kfpkit" / "runs" / name / "run.json").read_text())
    return {task["name"]: task["state"] for task in record["tasks"]}
