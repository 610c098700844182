"""Forecasts, compared task by task with the runs that follow them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.this_python import ThisPython

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.configuration import Configuration
from kfpkit.forecasts import Answer, Forecast, TaskForecast, forecast_run
from kfpkit.local import RunResult, run_pipeline
from kfpkit.runs.record import State, Task, read_record

KINDS = {"code", "lock", "image", "input", "upstream", "off", "never"}


class Foresight:
    """Forecasts and runs pipelines in a project.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def forecast(
        self, pipeline: Any, parameters: dict[str, str] | None = None, **settings: Any
    ) -> Forecast:
        """Forecast a run."""
        return forecast_run(
            compile_pipeline(pipeline, self.root / "build" / "pipeline.yaml"),
            configuration=Configuration(**settings),
            parameters=parameters,
            launcher=ThisPython(),
        )

    def run(
        self, pipeline: Any, parameters: dict[str, str] | None = None, **settings: Any
    ) -> RunResult:
        """Run a pipeline."""
        return run_pipeline(
            compile_pipeline(pipeline, self.root / "build" / "pipeline.yaml"),
            configuration=Configuration(**settings),
            parameters=parameters,
            launcher=ThisPython(),
        )

    def confirm(
        self, pipeline: Any, parameters: dict[str, str] | None = None, **settings: Any
    ) -> dict[str, str]:
        """Forecast a run, run it, and compare both. Returns the forecast in words."""
        forecast = self.forecast(pipeline, parameters, **settings)
        require_agreement(forecast, self.run(pipeline, parameters, **settings))
        return in_words(forecast)


def in_words(forecast: Forecast) -> dict[str, str]:
    """Return the answers and reasons by task."""
    return {task.name: _in_words(task) for task in forecast.tasks}


def _in_words(task: TaskForecast) -> str:
    reasons = [" ".join(filter(None, [each.kind, each.name])) for each in task.reasons]
    return ": ".join(filter(None, [task.answer.value, ", ".join(reasons)]))


def require_agreement(forecast: Forecast, result: RunResult) -> None:
    """Fail unless a run did what was forecast."""
    record = read_record(result.folder.path)
    foreseen = {task.name: task for task in forecast.tasks}
    loops = {name for name, task in foreseen.items() if task.answer is Answer.OPEN}
    for task in record.tasks:
        if task.name in foreseen:
            _require_same(foreseen[task.name], task, result.folder.path.name)
        else:
            assert any(task.name.startswith(f"{loop}/") for loop in loops), task.name
    assert foreseen.keys() <= {task.name for task in record.tasks} | loops


def _require_same(foreseen: TaskForecast, task: Task, run: str) -> None:
    hit = task.cache is not None and task.cache.hit
    if foreseen.answer is Answer.HIT:
        assert hit, task.name
        assert (foreseen.run or run, foreseen.task) == (task.cache.run, task.cache.task)
    elif foreseen.answer is Answer.MISS:
        assert not hit, task.name
        assert task.state is State.SUCCEEDED, task.name
        told = {(miss.kind, miss.name) for miss in task.cache.miss or ()}
        ours = {(each.kind, each.name) for each in foreseen.reasons if each.kind in KINDS}
        assert ours <= told, (task.name, ours, told)
        assert ours or not told, (task.name, told)
    elif foreseen.answer is Answer.SKIPPED:
        assert task.state is State.SKIPPED, task.name
