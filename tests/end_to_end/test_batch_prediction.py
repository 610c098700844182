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

import pyarrow.parquet as pq
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
TRAINING = '''
"""Train the model of the earlier run."""

from kfp import dsl
from kfpkit.components import fit_transformer, import_file, split_data, train_model


@dsl.pipeline(name="earlier")
def earlier(source: str, key: str, target: str, task: str, positive: str = "") -> None:
    """Train a model."""
    table = import_file.in_environment("sklearn")(source=source).outputs["data"]
    split = split_data.in_environment("sklearn")(data=table, key=key)
    rows = split.outputs["train_data"]
    transformer = fit_transformer(train_data=rows, target=target, key=key)
    train_model(
        train_data=rows,
        transformer=transformer.outputs["transformer"],
        estimator="logistic_regression",
        target=target,
        key=key,
        task=task,
        positive=positive,
    )
'''
PENGUINS = ROOT / "src/kfpkit/scaffold/template/overlays/table/data/penguins.csv"
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


def write_penguins(folder):
    """Write half of the penguins, the other half, and that with masses in ounces."""
    with PENGUINS.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    random.Random(0).shuffle(rows)
    half = len(rows) // 2
    mass = "Body Mass (g)"
    weighed = [row for row in rows[half:] if row[mass] != "NA"]
    lighter = [{**row, mass: round(float(row[mass]) / 28.35)} for row in weighed]
    files = {"first.csv": rows[:half], "second.csv": rows[half:], "ounces.csv": lighter}
    for name, written in files.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(written)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Make a project with the pipeline and one that trains, and old and new rows."""
    root = tmp_path_factory.mktemp("home")
    (root / "pyproject.toml").write_text('[tool.kfpkit]\nsource-roots = ["."]\n')
    shutil.copytree(ROOT / "environments", root / "environments")
    shutil.copytree(ROOT / "pipelines" / "batch_prediction", root / "pipelines/batch_prediction")
    (root / "earlier.py").write_text(TRAINING)
    (root / "emulated.yaml").write_text("emulators: [bigquery, storage]\n")
    write_parcels(root / "old.csv", seed=1)
    write_parcels(root / "alike.csv", seed=2)
    write_parcels(root / "heavier.csv", seed=3, factor=2.0)
    write_penguins(root)
    return root


@pytest.fixture(scope="module")
def train(home):
    """Return a function that trains a model, and returns what later runs need of that run."""

    def train(**values):
        done = run(home, "earlier.py", *parameters_of(values))
        assert done.returncode == 0, done.stdout + done.stderr
        artifacts = (home / ".kfpkit" / "runs" / "latest").resolve() / "artifacts"
        return {name: artifacts / path for name, path in ARTIFACTS.items()}

    return train


@pytest.fixture(scope="module")
def predict(home, train):
    """Return a function that predicts the parcels of a file."""
    earlier = train(source="old.csv", key="parcel", target="late", task="binary", positive="yes")
    values = {"library": "scikit-learn", "key": "parcel", "destination": "parcels.late", **earlier}
    values["columns"] = json.dumps(["sent", "depot", "weight", "note"])

    def predict(source):
        given = parameters_of({**values, "source": source})
        return run(home, "pipelines/batch_prediction", "--config", "emulated.yaml", *given)

    return predict


@pytest.fixture(scope="module")
def predict_penguins(home, train):
    """Return a function that predicts the penguins of a file, by the configuration for them."""
    earlier = train(source="first.csv", key="Individual ID", target="Species", task="multiclass")

    def predict(source):
        given = parameters_of({**earlier, "library": "scikit-learn", "source": source})
        return run(home, "pipelines/batch_prediction", "--config", "penguins.yaml", *given)

    return predict


def parameters_of(values):
    return [f"--param={name}={value}" for name, value in values.items()]


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


def test_the_other_half_of_the_penguins_is_predicted_by_configuration(predict_penguins, home):
    done = predict_penguins("second.csv")

    assert done.returncode == 0, done.stdout + done.stderr
    latest = home / ".kfpkit" / "runs" / "latest"
    outputs = json.loads((latest / "run.json").read_text())["outputs"]
    assert outputs["predictions"]["value"] == "local-project.penguins.species"
    [file] = latest.resolve().glob("artifacts/**/batch-predict*/predictions")
    predicted = pq.read_table(file, partitioning=None)["prediction"].to_pylist()
    with (home / "second.csv").open(newline="", encoding="utf-8") as rows:
        species = [row["Species"] for row in csv.DictReader(rows)]
    assert outputs["rows"]["value"] == len(species)
    right = sum(one == other for one, other in zip(predicted, species, strict=True))
    assert right > 0.95 * len(species)


def test_penguins_in_another_unit_stop_the_pipeline(predict_penguins, home):
    done = predict_penguins("ounces.csv")

    assert done.returncode == 1
    assert "`Body Mass (g)`: psi" in done.stdout + done.stderr
    tasks = home / ".kfpkit" / "runs" / "latest" / "tasks"
    assert not list(tasks.glob("batch-predict*"))
