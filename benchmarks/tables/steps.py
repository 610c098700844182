"""A table's way: out of BigQuery, split, transformed, predicted, and each step's reference."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.tables.tasks import Bench, Task, Used
from kfpkit.components.apply_transformer import apply_transformer
from kfpkit.components.batch_predict import batch_predict
from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.fit_transformer import fit_transformer
from kfpkit.components.split_data import split_data
from kfpkit.components.train_model import train_model
from kfpkit.emulators import emulators
from kfpkit.project.project import find_project

ROOT = Path(__file__).parents[2]
MEMORY_BAR = 2000.0  # MB
REFERENCE_BAR = 1.2
OVERHEAD_BAR = 0.3  # s
LEARNED = 100_000
SMALL = 1000
CALLS = 5
LIBRARY = "xgboost-3"
KEPT = ["flight_id", "late"]
COLUMNS = {"key": "flight_id", "target": "late"}
BUCKET = "bench"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A component beside its reference, and beside its helper.

    Args:
        title: The names of both.
        environment: Where they run.
        call: The name of the reference, and of the call of the helper.
        task: The component, on the large table.
        arguments: What the reference reads.
        small: The component, on a small table.
        small_arguments: What the helper reads then.
        outputs: The names of the files that reference and helper write.
        is_elsewhere: Whether a server does the work, so that the time that goes by counts, and not
            the processor time.
    """

    title: str
    environment: str
    call: str
    task: Task
    arguments: tuple[str | Path, ...]
    small: Task
    small_arguments: tuple[str | Path, ...]
    outputs: tuple[str, ...]
    is_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Course:
    """The steps of a table.

    Args:
        bench: Where they run.
        rows: The number of rows.
        rounds: How often each step and its reference run.
    """

    bench: Bench
    rows: int
    rounds: int

    def compare(self, step: Step) -> tuple[dict[str, Path], list[Figure]]:
        """Measure a step. Returns the component's outputs, too."""
        own: list[Used] = []
        others: list[Used] = []
        outputs: dict[str, Path] = {}
        for _ in range(self.rounds):
            _remove(*outputs.values())
            used, outputs = self.bench.run_task(step.task, step.call)
            own.append(used)
            others.append(self._call("references", step, step.arguments))
        figures = list(self._describe(step, own, others))
        return outputs, [*figures, self._measure_overhead(step)]

    def _call(self, script: str, step: Step, arguments: tuple[str | Path, ...]) -> Used:
        folder = self.bench.folder / "written"
        folder.mkdir()
        targets = [name if "://" in name else folder / name for name in step.outputs]
        used = self.bench.run_script(step.environment, script, step.call, *arguments, *targets)
        _remove(folder)
        return used

    def _describe(self, step: Step, own: list[Used], others: list[Used]) -> Iterator[Figure]:
        times = [
            [each.seconds if step.is_elsewhere else each.processor for each in used]
            for used in (own, others)
        ]
        for name, used in (("rows per second", own), ("of the reference", others)):
            speed = self.rows / statistics.median(each.seconds for each in used)
            yield Figure(of=step.title, name=name, value=round(speed), unit="")
        compared = ratio(*times)
        yield Figure(
            of=step.title, name="time / reference", value=compared, unit="x", bar=REFERENCE_BAR
        )
        memory = max(each.memory for each in own)
        yield Figure(of=step.title, name="peak memory", value=memory, unit="MB", bar=MEMORY_BAR)

    def _measure_overhead(self, step: Step) -> Figure:
        """Measure what a component takes beyond its helper, on a small table.

        Other work on the machine adds to the processor time of a process, up to half a second here.
        The least of several calls is the nearest to what each takes alone.
        """
        own, direct = [], []
        for counted in range(-1, CALLS):
            used, outputs = self.bench.run_task(step.small, f"small-{step.call}")
            _remove(*outputs.values())
            helper = self._call("helpers", step, step.small_arguments)
            if counted >= 0:
                own.append(used.processor)
                direct.append(helper.processor)
        more = min(own) - min(direct)
        return Figure(
            of=step.title,
            name="component - helper",
            value=more,
            unit="s",
            bar=OVERHEAD_BAR,
            below=True,
        )


def measure(folder: Path, rows: int, rounds: int) -> Iterator[Figure]:
    """Write a table, and measure each step of its way.

    Args:
        folder: The folder for everything that is written.
        rows: The number of rows.
        rounds: How often each step and its reference run.
    """
    sources = {"PYTHONPATH": str(ROOT / "src")}
    bench = Bench(project=find_project(ROOT), folder=folder, variables={}, sources=sources)
    for name, count in (("rows", rows), ("learned", LEARNED), ("small", SMALL)):
        bench.run_script("gcp", "rows", folder / name, str(count))
    course = Course(bench=bench, rows=rows, rounds=rounds)
    table, figures = _extract(course)
    yield from figures
    outputs, figures = course.compare(_make_split(folder, table))
    yield from figures
    _remove(*outputs.values())
    yield from _measure_model(course, table)


def _extract(course: Course) -> tuple[Path, list[Figure]]:
    """Measure how BigQuery's emulator writes the table. Returns the file."""
    folder = course.bench.folder
    home = dataclasses.replace(course.bench.project, root=folder / "emulated")
    home.root.mkdir()
    with emulators(["bigquery"], project=home, log_folder=folder / "logs") as variables:
        bench = dataclasses.replace(course.bench, variables=dict(variables))
        for name in ("rows", "small"):
            bench.run_script("gcp", "load", folder / name, f"bench.{name}", BUCKET)
        _remove(folder / "rows")
        _, figures = dataclasses.replace(course, bench=bench).compare(_make_extract(variables))
    name = hashlib.sha256(b"rows/part-000000000000.parquet").hexdigest()
    table = folder / "table.parquet"
    os.link(next(home.root.rglob(name)), table)
    shutil.rmtree(home.root)
    return table, figures


def _make_extract(variables: Mapping[str, str]) -> Step:
    tasks = {}
    for name in ("rows", "small"):
        described = {
            "projectId": variables["GOOGLE_CLOUD_PROJECT"],
            "datasetId": "bench",
            "tableId": name,
        }
        tasks[name] = Task(
            component=bigquery_extract,
            values={"destination": f"gs://{BUCKET}/{name}"},
            artifacts={"table": described},
        )
    return Step(
        title="`bigquery_extract`, beside `Client.extract_table`",
        environment="gcp",
        call="extract",
        task=tasks["rows"],
        arguments=("bench.rows",),
        small=tasks["small"],
        small_arguments=("bench.small",),
        outputs=(f"gs://{BUCKET}/other",),
        is_elsewhere=True,
    )


def _make_split(folder: Path, table: Path) -> Step:
    small = folder / "small"
    tasks = [
        Task(component=split_data, values={"key": "flight_id"}, artifacts={"data": data})
        for data in (table, small)
    ]
    return Step(
        title="`split_data`, beside pyarrow's batches",
        environment="gcp",
        call="split",
        task=tasks[0],
        arguments=(table,),
        small=tasks[1],
        small_arguments=(small,),
        outputs=("train", "test"),
    )


def _measure_model(course: Course, table: Path) -> Iterator[Figure]:
    """Measure features and predictions, of a transformer and a model of fewer rows."""
    bench, folder = course.bench, course.bench.folder
    learned, small, fitted = folder / "learned", folder / "small", folder / "fitted.joblib"
    fit = Task(component=fit_transformer, values=COLUMNS, artifacts={"train_data": learned})
    transformer = bench.run_task(fit, "fit")[1]["transformer"]
    bench.run_script("sklearn", "references", "fit", learned, fitted)
    tasks = {data: _make_transformation(data, transformer) for data in (table, small, learned)}
    outputs, figures = course.compare(
        Step(
            title="`apply_transformer`, beside scikit-learn's `transform`",
            environment="sklearn",
            call="transform",
            task=tasks[table],
            arguments=(table, fitted),
            small=tasks[small],
            small_arguments=(small, transformer),
            outputs=("features",),
        )
    )
    yield from figures
    _remove(table)
    features = {
        data: bench.run_task(tasks[data], "features")[1]["features"]
        for data in tasks
        if data != table
    }
    values = {**COLUMNS, "estimator": "xgboost"}
    train = Task(
        component=train_model.in_environment(LIBRARY),
        values=values,
        artifacts={"train_data": features[learned]},
    )
    model = bench.run_task(train, "train")[1]["model"]
    _, figures = course.compare(_make_prediction(model, outputs["features"], features[small]))
    yield from figures


def _make_transformation(data: Path, transformer: Path) -> Task:
    artifacts = {"data": data, "transformer": transformer}
    return Task(component=apply_transformer, values={"keep": KEPT}, artifacts=artifacts)


def _make_prediction(model: Path, features: Path, small: Path) -> Step:
    tasks = [
        Task(
            component=batch_predict.in_environment(LIBRARY),
            values={"key": "flight_id"},
            artifacts={"data": data, "model": model},
        )
        for data in (features, small)
    ]
    return Step(
        title="`batch_predict`, beside XGBoost's `predict`",
        environment=LIBRARY,
        call="predict",
        task=tasks[0],
        arguments=(features, model / "model.ubj"),
        small=tasks[1],
        small_arguments=(small, model),
        outputs=("predictions",),
    )


def _remove(*places: Path) -> None:
    for place in places:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
