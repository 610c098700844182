"""Time of the processor for a forecast of 200 tasks, beyond compiling and requests.

The 100 earlier runs are entries of a cache, messages of Vertex AI, and answers of a Kubeflow
server, as runs of the pipeline leave them. The forecast runs are one that hits, and one with a new
parameter, which concerns each task: 20 chains of 10 components pass values on, so that most inputs
aren't known.

Kubeflow's server reports no values of tasks, so earlier runs are followed like the one to come.
Those that differ only in parameters that are passed on to tasks, as these do, are followed once.
"""

from __future__ import annotations

import contextlib
import functools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.message import Message

from benchmarks.figures import Figure
from kfpkit.compiler import compile_pipeline
from kfpkit.forecasts import Answer, Forecast, forecast_job, forecast_kubeflow_run
from kfpkit.forecasts.graph import DueTask, Judgement, forecast_tasks, invented_job
from kfpkit.forecasts.local.forecast_run import forecast_planned, make_target
from kfpkit.forecasts.local.target import LocalTarget
from kfpkit.loading import load_pipeline
from kfpkit.local.launching import launcher_for
from kfpkit.local.planning import Plan, specify
from kfpkit.local.tasks import Success
from kfpkit.local.tasks.entry import Entry
from kfpkit.project import find_project
from kfpkit.vertex import parse_message

ROUNDS = 3
RUNS = 100
COMPONENTS = 10
CHAINS = 20
COMPONENT = """
@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_{number}(value: float, day: str) -> float:
    '''{padding}'''
    return value + {number}
"""
PADDING = "What a component of a realistic size has. " * 400
PARENT = "projects/1234/locations/europe-west4"


def measure() -> list[Figure]:
    """Write what earlier runs leave, and time forecasts."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\n")
        (root / "pipeline.py").write_text(_write_pipeline())
        return [*_measure_vertex(root), *_measure_kubeflow(root), *_measure_local(root)]


def _write_pipeline() -> str:
    steps = "".join(COMPONENT.format(number=n, padding=PADDING) for n in range(COMPONENTS))
    calls = "".join(
        f"    value_{n} = step_{n}(value={value}, day=day).output\n"
        for chain in range(CHAINS)
        for n, value in enumerate([f"{chain}.0", *(f"value_{n}" for n in range(COMPONENTS - 1))])
    )
    head = f"from kfp import dsl\n{steps}\n\n"
    return f'{head}@dsl.pipeline(name="many")\ndef many(day: str = "0"):\n{calls}'


def _measure_vertex(root: Path) -> Iterator[Figure]:
    file = compile_pipeline(load_pipeline(root / "pipeline.py"), root / "many.yaml")
    (spec,) = yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader)
    jobs = [_make_job(spec, str(day), ended=day) for day in range(RUNS)]
    for name, day, answer in (("hits", "50", Answer.HIT), ("misses", "new", Answer.MISS)):
        new = _make_job(spec, day)
        yield _time(
            f"forecast on Vertex AI, {name}", answer, functools.partial(forecast_job, new, jobs)
        )


def _make_job(spec: dict[str, Any], day: str, ended: int | None = None) -> Message:
    config = {"gcsOutputDirectory": "gs://bucket/root", "parameterValues": {"day": day}}
    job: dict[str, Any] = {"pipelineSpec": spec, "runtimeConfig": config}
    if ended is not None:
        job |= {
            "name": f"{PARENT}/pipelineJobs/many-{ended}",
            "createTime": f"2026-11-01T00:{ended // 60:02}:{ended % 60:02}Z",
            "jobDetail": {"taskDetails": list(_list_details(day))},
        }
    return parse_message("PipelineJob", job)


def _list_details(day: str) -> Iterator[dict[str, Any]]:
    for chain in range(CHAINS):
        value = float(chain)
        for number in range(COMPONENTS):
            task = f"step-{number}" if chain == 0 else f"step-{number}-{chain + 1}"
            given = {"input:value": value, "input:day": day, "output:Output": value + number}
            yield {
                "taskId": str(chain * COMPONENTS + number + 2),
                "parentTaskId": "1",
                "taskName": task,
                "state": "SUCCEEDED",
                "execution": {"state": "COMPLETE", "metadata": given},
            }
            value += number


def _measure_kubeflow(root: Path) -> Iterator[Figure]:
    spec = yaml.load((root / "many.yaml").read_text(), Loader=yaml.CSafeLoader)
    # The server lists the latest first, and writes each run's pipeline.
    listed = json.dumps([_make_run(spec, str(day), ended=day) for day in reversed(range(RUNS))])
    runs = json.loads(listed)
    for name, day, answer in (("hits", "50", Answer.HIT), ("misses", "new", Answer.MISS)):
        new = _make_run(spec, day)
        yield _time(
            f"forecast on Kubeflow, {name}",
            answer,
            functools.partial(forecast_kubeflow_run, new, runs),
        )


def _make_run(spec: dict[str, Any], day: str, ended: int | None = None) -> dict[str, Any]:
    run: dict[str, Any] = {"pipeline_spec": spec, "runtime_config": {"parameters": {"day": day}}}
    if ended is not None:
        details = list(_list_nodes())
        run |= {
            "run_id": f"id-{ended}",
            "display_name": f"many-{ended}",
            "state": "SUCCEEDED",
            "run_details": {"task_details": details},
        }
    return run


def _list_nodes() -> Iterator[dict[str, Any]]:
    """Yield the nodes of Argo's workflow: a task is its driver, itself, and what runs it."""
    for chain in range(CHAINS):
        for number in range(COMPONENTS):
            task = f"step-{number}" if chain == 0 else f"step-{number}-{chain + 1}"
            for name in (f"{task}-driver", task, "executor"):
                yield {"display_name": name, "state": "SUCCEEDED"}


def _measure_local(root: Path) -> Iterator[Figure]:
    with _planned(root, "0") as (plan, launcher):
        for number in range(RUNS):
            _fill_cache(plan, launcher, str(number))
    for name, day, answer in (("hits", "50", Answer.HIT), ("misses", "new", Answer.MISS)):
        with _planned(root, day) as (plan, launcher):
            yield _time(
                f"forecast on this machine, {name}",
                answer,
                functools.partial(forecast_planned, plan, launcher),
            )


@contextlib.contextmanager
def _planned(root: Path, day: str) -> Iterator[tuple[Plan, Any]]:
    from kfpkit.configuration import adopt_given  # noqa: PLC0415 - beside its use

    project = find_project(root)
    given = adopt_given(None, {"day": day})
    specification, effective = specify(root / "many.yaml", None, given, project)
    plan = Plan(project=project, specification=specification, effective=effective)
    with launcher_for(project, containers=False) as launcher:
        launcher.check(specification.images)
        yield plan, launcher


def _fill_cache(plan: Plan, launcher: Any, day: str) -> None:
    with invented_job() as job:
        filling = _Filling(make_target(plan, launcher, job), day)
        arguments = {**plan.effective.arguments, "day": day}
        forecast_tasks(plan.specification.spec, arguments, target=filling, job=job)


class _Filling:
    """Puts each task of a run into the cache, as if it had run."""

    def __init__(self, target: LocalTarget, day: str) -> None:
        self._target = target
        self._run = f"run-{day}"

    def look_up(self, due: DueTask) -> Judgement:
        """Keep a task's outputs."""
        found = self._target.look_up(due)
        assert not isinstance(found, Judgement)
        key, cache = found.key, found.cache
        outputs = {"Output": float(due.arguments.known["value"]) + 1}
        cache.successes.add(key.base, Success(key=key.key, inputs=key.digests))
        cache.put(key.key, Entry.take(outputs, run=self._run, task=due.name))
        if cache.read_parts("many", due.name) is None:
            cache.keep_parts("many", due.name, key.parts)
        return Judgement(answer=Answer.HIT, outputs=outputs)


def _time(name: str, answer: Answer, forecast: Callable[[], Forecast]) -> Figure:
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        tasks = forecast().tasks
        seconds.append(time.process_time() - started)
    assert len(tasks) == CHAINS * COMPONENTS
    assert tasks[0].answer is answer
    return Figure(name=name, value=statistics.median(seconds), unit="s", bar=1.0)
