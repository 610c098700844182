"""Records of runs that never were, and their folders, for tests and measurements of the page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from kfpkit.runs.record import RunRecord

START = dt.datetime(2026, 11, 20, 2, 0, 3, tzinfo=dt.timezone.utc)
REPORT = "<!doctype html><title>Report</title><h1>Report of {name}</h1><p id=told>measured</p>"
METRICS = {"accuracy": 0.9481, "f1": 0.9333, "log_loss": 0.3851, "roc_auc": 0.9811, "rows": 135}
CLASSES = {
    "confusionMatrix": {
        "annotationSpecs": [{"displayName": "not malignant"}, {"displayName": "malignant"}],
        "rows": [{"row": [79, 1]}, {"row": [6, 49]}],
    },
    "confidenceMetrics": [
        {"confidenceThreshold": 1 - x, "falsePositiveRate": x**3, "recall": x**0.2}
        for x in (number / 434 for number in range(435))
    ],
}


def moment(seconds: float) -> str:
    """Return a moment of the run, as a record has it."""
    return (START + dt.timedelta(seconds=seconds)).isoformat()


class Builder:
    """Puts a record together, task by task.

    Args:
        folder: The run's folder.
        pipeline: The pipeline's name.
        state: The run's state.
    """

    def __init__(self, folder: Path, pipeline: str, state: str = "succeeded") -> None:
        self.folder = folder
        self.content: dict[str, Any] = {
            "id": f"20261120-020003-412-{pipeline}"[:80],
            "pipeline": pipeline,
            "state": state,
            "started": moment(0),
            "kfpkit": "0.1.0",
            "command": ["kfpkit", "run", f"pipelines/{pipeline}", "--config", "local.yaml"],
            "target": {"name": "local", "kind": "local", "mode": "venv"},
            "configuration": {"file": "local.yaml", "digest": "0" * 64},
            "revision": {"commit": "4173340177aa", "branch": "main", "dirty": True},
            "environments": {
                "gcp": {"python": "3.11.2", "packages": {f"package-{n}": "1.0" for n in range(40)}},
                "sklearn": {"python": "3.11.2"},
            },
        }
        self.nodes: list[dict[str, Any]] = []
        self.tasks: list[dict[str, Any]] = []

    def node(self, identifier: str, kind: str = "task", **facts: Any) -> str:
        """Add a node, and return its id; `sources` are the outputs that it takes."""
        label = facts.pop("label", identifier.rpartition("/")[2])
        sources = facts.pop("sources", [])
        inputs = {f"input_{n}": {"from": [source]} for n, source in enumerate(sources)}
        after = sorted({source.rpartition(".")[0] for source in sources})
        shape = {"id": identifier, "kind": kind, "label": label, "inputs": inputs, "after": after}
        self.nodes.append({**shape, **facts})
        return identifier

    def task(self, node: str, began: float, seconds: float, **facts: Any) -> dict[str, Any]:
        """Add a task of a node, with its log, and return it for further facts."""
        name = facts.pop("name", node)
        state = facts.pop("state", "succeeded")
        prepared = facts.pop("prepared", 0.0)
        waited = facts.pop("waited", 0.0)
        log = facts.pop("log", f"{name} began\n{name} ended\n")
        task: dict[str, Any] = {"name": name, "node": node, "state": state, "environment": "gcp"}
        if state in {"succeeded", "failed", "stopped"}:
            task["times"] = {
                "ready": moment(began - waited),
                "preparing": moment(began),
                "running": moment(began + prepared),
                "ended": moment(began + prepared + seconds),
            }
            task["seconds"] = seconds
            task["peak_memory"] = 180_000_000
            task["log"] = self._write(f"tasks/{name}/log.txt", log)
        self.tasks.append({**task, **facts})
        return self.tasks[-1]

    def report(self, task: dict[str, Any], output: str = "report", text: str = REPORT) -> None:
        """Add a report to a task."""
        path = f"pages/{task['name'].replace('/', '-')}-{output}.html"
        self._write(path, text.replace("{name}", task["name"]))
        task.setdefault("pages", {})[output] = path
        artifact = {"type": "system.HTML", "uri": f"artifacts/{task['name']}/{output}"}
        task.setdefault("outputs", {})[output] = {"artifact": artifact}

    def _write(self, path: str, text: str) -> dict[str, Any]:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return {"path": path, "bytes": len(text)}

    def build(self, **facts: Any) -> RunRecord:
        """Return the record, with further facts about the run."""
        content = {**self.content, "nodes": self.nodes, "tasks": self.tasks, **facts}
        return RunRecord.model_validate(content)


def make_training(folder: Path) -> RunRecord:
    """Return the record of a run of 12 tasks with a condition, metrics and three reports."""
    run = Builder(folder, "training")
    _add_training(run)
    _add_prediction(run)
    validated, *evaluated = _run_training(run)
    _run_prediction(run)
    _add_metrics(evaluated)
    for task in (validated, *evaluated):
        run.report(task)
    return run.build(
        ended=moment(16.7),
        seconds=16.7,
        about="Tell malignant from benign samples.",
        outputs={"metric_value": {"value": 0.9911}},
        parameters={
            "dataset": {"value": "diagnosis", "origin": "default", "type": "STRING"},
            "test_fraction": {"value": 0.25, "origin": "local.yaml", "type": "NUMBER_DOUBLE"},
        },
    )


def _add_training(run: Builder) -> None:
    """Add the nodes up to the selected model."""
    run.node("bigquery-query")
    run.node("bigquery-extract", sources=["bigquery-query.table"])
    run.node("validate-data", sources=["bigquery-extract.data"])
    run.node("split-data", sources=["validate-data.data", "bigquery-extract.data"])
    for model in ("train-model", "train-model-2"):
        run.node(model, sources=["split-data.train_data"])
    for number in ("", "-2"):
        sources = [f"train-model{number}.model", "split-data.test_data"]
        run.node(f"evaluate-model{number}", sources=sources)
    run.node("select-model", sources=["evaluate-model.metrics", "evaluate-model-2.metrics"])


def _add_prediction(run: Builder) -> None:
    """Add the nodes that predict with it, in one of two branches."""
    run.node(
        "condition-1",
        "condition",
        label="if select-model.library == 'xgboost'",
        sources=["select-model.library"],
    )
    run.node(
        "condition-2",
        "condition",
        label="else (of: select-model.library == 'xgboost')",
        sources=["select-model.library"],
    )
    run.node(
        "batch-predict",
        parent="condition-1",
        sources=["train-model-2.model", "select-model.library"],
    )
    run.node(
        "batch-predict-2",
        parent="condition-2",
        sources=["train-model.model", "select-model.library"],
    )
    run.node("bigquery-load", sources=["batch-predict.rows", "batch-predict-2.rows"])


def _run_training(run: Builder) -> list[dict[str, Any]]:
    """Add the tasks up to the measured models, and return those that get a report."""
    run.task("bigquery-query", 0, 1.9, prepared=1.6)
    run.task("bigquery-extract", 3.5, 1.2)
    validated = run.task("validate-data", 4.7, 1.3)
    run.task("split-data", 6.0, 0.4)
    run.task("train-model", 6.4, 2.3, environment="sklearn")
    run.task("train-model-2", 6.4, 5.2)
    source = {"task": "train-model", "output": "model"}
    first = run.task(
        "evaluate-model", 8.7, 2.3, environment="sklearn", inputs={"model": {"from": [source]}}
    )
    second = run.task("evaluate-model-2", 11.6, 1.8)
    return [validated, first, second]


def _run_prediction(run: Builder) -> None:
    """Add the tasks from the selection on; one branch is skipped."""
    run.task("select-model", 13.4, 0.08)
    cause = {"kind": "condition", "node": "condition-1"}
    run.task("batch-predict", 0, 0, state="skipped", cause=cause)
    run.task("batch-predict-2", 13.5, 1.6, environment="sklearn")
    run.task(
        "bigquery-load",
        15.1,
        1.1,
        cache={"hit": False, "miss": [{"kind": "code", "name": "helpers/transfers.py"}]},
    )


def _add_metrics(evaluated: list[dict[str, Any]]) -> None:
    """Give the second model slightly better metrics than the first."""
    for task, better in zip(evaluated, (0.0, 0.01), strict=True):
        metrics = {
            name: value + better if isinstance(value, float) else value
            for name, value in METRICS.items()
        }
        task["outputs"] = {
            "metrics": {"artifact": {"type": "system.Metrics", "uri": "m", "metadata": metrics}},
            "classes": {
                "artifact": {
                    "type": "system.ClassificationMetrics",
                    "uri": "c",
                    "metadata": CLASSES,
                }
            },
        }


FAILING = 6  # a region
FAILURE = "Its process was ended by SIGKILL: the task used more than its memory limit of 2 GiB"


def make_forecast(folder: Path, *, regions: int = 11, models: int = 3) -> RunRecord:
    """Return the record of a run that failed in a loop in a loop: 9 tasks and 10 a region."""
    run = Builder(folder, "demand-forecast", "failed")
    queries = ["sales-query", "calendar-query", "weather-query", "promotions-query"]
    for query in queries:
        run.node(query)
    run.node("list-regions", sources=["sales-query.table"])
    sources = ["list-regions.regions", *(f"{query}.table" for query in queries)]
    loop = run.node("for-loop-1", "loop", label="for region in regions", sources=sources)
    run.node(f"{loop}/prepare", parent=loop, sources=["sales-query.table"])
    inner = run.node(f"{loop}/for-loop-2", "loop", parent=loop, label="for model in models")
    run.node(f"{inner}/split-data", parent=inner, sources=[f"{loop}/prepare.data"])
    run.node(f"{inner}/train-model", parent=inner, sources=[f"{inner}/split-data.train_data"])
    run.node(
        f"{inner}/evaluate",
        parent=inner,
        sources=[f"{inner}/train-model.model", f"{inner}/split-data.test_data"],
    )
    run.node("collect-forecasts", sources=[f"{inner}/evaluate.metrics"])
    for last in ("write-report", "forecast-load", "notify"):
        run.node(last, sources=["collect-forecasts.table"])
    for query in (*queries[:2], queries[3]):
        run.task(query, 0, 0, state="cached", cache={"hit": True, "run": "earlier", "task": query})
    run.task("weather-query", 0, 9.4)
    run.task("list-regions", 0.5, 0.9)
    for region in range(regions):
        _add_region(run, region, models, fails=region == FAILING)
    cause = {"kind": "upstream", "node": f"{inner}/train-model"}
    for name in ("collect-forecasts", "write-report", "forecast-load", "notify"):
        run.task(name, 0, 0, state="not started", cause=cause)
    return run.build(ended=moment(109), seconds=109.0, about="Forecast each region's demand.")


def _add_region(run: Builder, region: int, models: int, *, fails: bool) -> None:
    began = 10.0 + 8 * region
    name, item = f"for-loop-1/{region}", ("north", "south", "east", "west")[region % 4]
    run.task(
        "for-loop-1/prepare", began, 1.0, name=f"{name}/prepare", iteration=[region], item=item
    )
    for model in range(models):
        facts = {
            "iteration": [region, model],
            "item": f"{item} · {('catboost', 'lightgbm', 'ridge')[model % 3]}",
        }
        at = began + 1 + model
        for task, seconds in (("split-data", 0.5), ("train-model", 4.0), ("evaluate", 1.0)):
            node, full = f"for-loop-1/for-loop-2/{task}", f"{name}/for-loop-2/{model}/{task}"
            broken = fails and model == 0
            if broken and task == "evaluate":
                run.task(node, 0, 0, name=full, state="not started", **facts)
            elif broken and task == "train-model":
                ended = {"state": "failed", "failure": FAILURE, "exit": -9, "signal": "SIGKILL"}
                log = "loading 1,284,113 rows\n100: learn: 0.2604\nKilled\n"
                run.task(node, at, 7.7, name=full, log=log, **ended, **facts)
            else:
                run.task(node, at, seconds, name=full, waited=0.4, **facts)
            at += seconds


# The last of it turns the direction of what follows around.
SPITE = (
    "</script><script>window.broken=1</script><!--<script>"
    "\x00\x07\x1b[31m\u202ereversed\u202c \U0001f41f {{scripts}}"
)


def make_hostile(folder: Path) -> RunRecord:
    """Return a record whose every string tries to break the page."""
    run = Builder(folder, f"fish {SPITE}", "failed")
    run.node("a", label=SPITE)
    run.node("b", display="x" * 3000, sources=["a.out"])
    task = run.task("a", 0, 1, environment=SPITE, item=SPITE, log=f"{SPITE}\n" * 50)
    task["links"] = {"log": "javascript:window.broken=1", "console": "https://console.invalid/run"}
    task["outputs"] = {
        "text": {"value": SPITE * 40_000},
        "numbers": {"value": [0.5] * 1_000_000},
        "table": {
            "artifact": {
                "type": "system.Dataset",
                "uri": "javascript:window.broken=1",
                "metadata": {SPITE: "y" * 5_000_000},
            }
        },
        "metrics": {
            "artifact": {
                "type": "system.Metrics",
                "uri": "m",
                "metadata": {SPITE: float("nan"), "n": 3},
            }
        },
    }
    run.report(task, text=REPORT + OUTSIDE + SPITE)
    run.task("b", 1, 1, state="failed", failure=SPITE)
    return run.build(parameters={SPITE: {"value": SPITE * 90_000, "origin": SPITE}}, about=SPITE)


OUTSIDE = """<img src="https://outside.invalid/a.png"><script src="https://outside.invalid/a.js"></script>
<script>try { parent.document.title = "broken"; parent.broken = 1 } catch { }
fetch("https://outside.invalid/b").catch(() => 0)</script>"""
