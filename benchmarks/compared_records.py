"""Runs to compare that never were: of the pipelines in `run_records`, with what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import run_records
from kfpkit.runs.comparing import Comparison, compare
from kfpkit.runs.pages import write_comparison, write_page
from kfpkit.runs.record import RunRecord

BEFORE = '''"""Models of scikit-learn."""

from typing import Any

from sklearn.ensemble import RandomForestClassifier


def random_forest(hyperparameters: dict[str, Any]) -> RandomForestClassifier:
    """Return a random forest."""
    return RandomForestClassifier(**{"random_state": 0, **hyperparameters})
'''
AFTER = BEFORE.replace("RandomForestClassifier", "ExtraTreesClassifier").replace(
    "    return Extra",
    "    # Extremely randomized trees: less variance of each split.\n    return Extra",
)
HELPER = "kfpkit/helpers/sklearn_models.py"
DIGESTS = {text: hashlib.sha256(text.encode()).hexdigest() for text in (BEFORE, AFTER)}
TEXTS = {digest: text for text, digest in DIGESTS.items()}
MODELS = ("train-model", "evaluate-model", "batch-predict-2")


def make_pair(root: Path) -> list[tuple[RunRecord, Path]]:
    """Return two runs of the training pipeline: a parameter, a helper and a lock changed."""
    return [_make_training(root, number) for number in range(2)]


def make_three(root: Path) -> list[tuple[RunRecord, Path]]:
    """Return three runs of the training pipeline."""
    return [_make_training(root, number) for number in range(3)]


def _make_training(root: Path, number: int) -> tuple[RunRecord, Path]:
    folder = root / f"2026112{number}-020003-412-training"
    folder.mkdir()
    content: dict[str, Any] = run_records.make_training(folder).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    content["id"] = folder.name
    files = {HELPER: DIGESTS[AFTER if number else BEFORE], "train.py": "0" * 64}
    content["components"] = {"train": {"environment": "sklearn", "files": files}}
    for node in content["nodes"]:
        if node["id"] in MODELS:
            node["component"] = "train"
    packages = {"numpy": f"2.4.{6 + number}", "scipy": "1.16.2"}
    content["environments"]["sklearn"]["packages"] = packages
    if number:
        _change(content, number)
    return RunRecord.model_validate(content), folder


def _change(content: dict[str, Any], number: int) -> None:
    fraction = {"value": 0.25 + number / 20, "origin": "--param", "type": "NUMBER_DOUBLE"}
    content["parameters"]["test_fraction"] = fraction
    content["outputs"]["metric_value"]["value"] += number / 200
    for task in content["tasks"]:
        if task["name"] in {"bigquery-query", "bigquery-extract", "validate-data"}:
            task["state"], task["times"] = "cached", {}
            task.pop("seconds")
            task["cache"] = {"hit": True, "run": "20261120-020003-412-training"}
        elif task["name"] in MODELS:
            task["cache"] = {"hit": False, "miss": [{"kind": "code", "name": HELPER}]}
            task["seconds"] += 0.4 * number
        for output in task.get("outputs", {}).values():
            metadata = output["artifact"].get("metadata", {})
            for name in ("accuracy", "f1", "log_loss"):
                if name in metadata:
                    metadata[name] += number / 300 * (1 if task["name"] == "evaluate-model" else -1)
            if "confusionMatrix" in metadata:
                metadata["confusionMatrix"]["rows"] = [{"row": [78, 2]}, {"row": [5 - number, 50]}]


def make_large(root: Path) -> list[tuple[RunRecord, Path]]:
    """Return two runs of 120 tasks in nested loops; the second one has no failure."""
    runs = []
    for number in range(2):
        folder = root / f"2026112{number}-020003-412-demand-forecast"
        folder.mkdir()
        record = run_records.make_forecast(folder)
        if number:
            content = record.model_dump(mode="json", by_alias=True, exclude_none=True)
            for task in content["tasks"]:
                if task["state"] in {"failed", "not started"}:
                    task["state"] = "succeeded"
                    for name in ("failure", "cause"):
                        task.pop(name, None)
            record = RunRecord.model_validate({**content, "state": "succeeded"})
        runs.append((record.model_copy(update={"id": folder.name}), folder))
    return runs


def make_bare(root: Path) -> list[tuple[RunRecord, Path]]:
    """Return two runs as a target might tell of them that knows next to nothing."""
    runs = []
    for number, state in enumerate(("failed", "running")):
        folder = root / str(number)
        folder.mkdir()
        tasks = [] if number else [{"name": "train", "state": "failed"}]
        content = {"id": str(number), "pipeline": "bare", "state": state, "tasks": tasks}
        runs.append((RunRecord.model_validate(content), folder))
    return runs


def make_hostile(root: Path) -> list[tuple[RunRecord, Path]]:
    """Return two runs whose every string tries to break the page; values have megabytes."""
    runs = []
    for number in range(2):
        folder = root / f"{number} <b>&"
        folder.mkdir()
        spite = f"{run_records.SPITE}{number}"
        content = run_records.make_hostile(folder).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        content["id"] = spite
        content["command"] = [spite, "javascript:window.broken=1"]
        content["parameters"][spite] = {"value": f"{number}" * 5_000_000, "origin": spite}
        content["environments"]["gcp"]["packages"] = {spite: spite}
        content["components"] = {"c": {"files": {f"{run_records.SPITE}\nx.py": str(number)}}}
        content["nodes"][0] |= {"component": "c", "label": spite}
        content["tasks"][0]["cache"] = {"miss": [{"kind": "code", "name": spite}]}
        content["tasks"][0]["outputs"]["metrics"]["artifact"]["metadata"]["n"] = number
        runs.append((RunRecord.model_validate(content), folder))
    return runs


HOSTILE_TEXTS = {
    str(number): f"{run_records.SPITE}{number}\n" * 2_000 + "x" * 500_000 for number in range(2)
}


def write_comparison_page(
    runs: Sequence[tuple[RunRecord, Path]], file: Path, texts: dict[str, str] | None = None
) -> Comparison:
    """Write the pages of runs, and that of their comparison."""
    for record, folder in runs:
        write_page(record, folder)
    comparison = compare([record for record, _ in runs], TEXTS if texts is None else texts)
    write_comparison(comparison, [folder for _, folder in runs], file)
    return comparison
