"""New rows are predicted with the model of an earlier run, unless they have drifted."""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
TRAINING = '''
"""Train the model of the earlier run."""

from kfp import dsl
from kfpkit.components import fit_transformer, import_file, split_data, train_model


@dsl.pipeline(name="earlier")
def earlier(source: str = "old.csv") -> None:
    """Train a model."""
    table = import_file.in_environment("sklearn")(source=source).outputs["data"]
    split = split_data.in_environment("sklearn")(data=table, key="parcel")
    rows = split.outputs["train_data"]
    transformer = fit_transformer(train_data=rows, target="late", key="parcel")
    train_model(
        train_data=rows,
        transformer=transformer.outputs["transformer"],
        estimator="logistic_regression",
        target="late",
        key="parcel",
        positive="yes",
    )
'''
ARTIFACTS = {"model": "train-model/model", "reference": "split-data/train_data"}


def write_parcels(file, *, seed, factor=1.0, rows=600):
    """Write parcels: a date, a category, a note, and a weight with gaps that decides."""
    draw = random.Random(seed)
    with file.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["parcel", "sent", "depot", "weight", "note", "late"])
        for number in range(rows):
            weight = draw.gammavariate(2, 3) * factor
            late = weight + draw.gauss(0, 1) > 7
            sent = date(2024, 1, 1) + timedelta(days=draw.randrange(300))
            note = draw.choice(["", "", "fragile, keep upright", "leave with a neighbor"])
            shown = "" if draw.random() < 0.1 else f"{weight:.2f}"
            depot = draw.choice(["north", "south", "harbor"])
            writer.writerow(
                [f"p{seed}-{number}", sent, depot, shown, note, "yes" if late else "no"]
            )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Make a project with the pipeline, old and new parcels, and a model."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    shutil.copytree(ROOT / "environments", root / "environments")
    shutil.copytree(ROOT / "pipelines" / "batch_prediction", root / "pipelines/batch_prediction")
    (root / "earlier.py").write_text(TRAINING)
    write_parcels(root / "old.csv", seed=1)
    write_parcels(root / "alike.csv", seed=2)
    write_parcels(root / "heavier.csv", seed=3, factor=2.0)
    done = run(root, "earlier.py")
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def predict(home):
    """Return a function that predicts the rows of a file."""
    earlier = next((home / ".kfpkit" / "runs").glob("*-earlier")) / "artifacts"
    values = {name: earlier / path for name, path in ARTIFACTS.items()}
    values |= {"library": "scikit-learn", "key": "parcel", "destination": "parcels.late"}
    values["columns"] = json.dumps(["sent", "depot", "weight", "note"])
    (home / "emulated.yaml").write_text("emulators: [bigquery, storage]\n")

    def predict(source):
        given = [f"--param={name}={value}" for name, value in {**values, "source": source}.items()]
        return run(home, "pipelines/batch_prediction", "--config", "emulated.yaml", *given)

    return predict


def run(root, *arguments):
    command = [sys.executable, "-m", "kfpkit", "run", *map(str, arguments)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_rows_like_those_of_the_training_are_predicted_and_loaded(predict, home):
    done = predict("alike.csv")

    assert done.returncode == 0, done.stdout + done.stderr
    record = json.loads((home / ".kfpkit" / "runs" / "latest" / "run.json").read_text())
    outputs = {name: output["value"] for name, output in record["outputs"].items()}
    assert outputs == {"predictions": "local-project.parcels.late", "rows": 600}


def test_rows_that_have_drifted_stop_the_pipeline_before_the_prediction(predict, home):
    done = predict("heavier.csv")

    assert done.returncode == 1
    assert "The data differs from the reference in these columns:\n" in done.stdout + done.stderr
    assert "`weight`: psi" in done.stdout + done.stderr
    tasks = home / ".kfpkit" / "runs" / "latest" / "tasks"
    assert not list(tasks.glob("batch-predict*"))
    assert not list(tasks.glob("bigquery-load"))
