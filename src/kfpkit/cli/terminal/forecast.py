"""A forecast, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import typer

from kfpkit.cli import output
from kfpkit.forecasts import Answer, Forecast, Reason, TaskForecast

_PLURALS = {Answer.HIT: "hits", Answer.MISS: "misses"}
# By kind. What is between braces are the names.
_PHRASES = {
    "code": "code changed: {}",
    "lock": "lock changed: {}",
    "image": "image changed: {}",
    "input": "input changed: {}",
    "upstream": "input from a task that runs again: {}",
    "off": "caching is off",
    "never": "no earlier success",
    "variables": "environment variables or emulators changed",
    "custom": "its own cache key changed",
    "outputs": "the files of its earlier success changed or are gone",
    "pipeline": "only another pipeline has run it: {}",
    "value": "depends on what a task produces: {}",
    "untold": "the target didn't report an earlier input: {}",
    "condition": "condition: {}",
    "same": "another task may do the same: {}",
    "unknown": "the reason isn't known",
    "importer": "importers run each time",
    "exit handler": "Vertex AI doesn't document exit handlers",
    "own key": "Vertex AI doesn't document keys that authors set",
    "dynamic loop": "Vertex AI doesn't document loops over values of parameters and tasks",
    "google component": "Vertex AI doesn't document Google's own components",
    "optional artifact": "Vertex AI doesn't document optional artifacts",
    "volumes": "volumes changed",
    "volume": "the name of a volume is known only in the run",
    "upstream failure": "a task before it would fail",
    "failure": "it would fail: {}",
}


def print_forecast(forecast: Forecast) -> None:
    """Print a row for each task, and a summary.

    Args:
        forecast: The forecast.
    """
    from rich.table import Table

    table = Table("Task", "Forecast", "Why", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for task in forecast.tasks:
        table.add_row(task.name, task.answer.value, describe_reasons(task))
    output.print_table(table, styled=False)
    typer.echo(summarize(forecast))


def describe_reasons(task: TaskForecast) -> str:
    """Return why a task has its answer.

    Args:
        task: The task's forecast.
    """
    if task.answer is Answer.HIT:
        return f"from {task.run}" if task.run else f"from {task.task} of the same run"
    kinds = dict.fromkeys(reason.kind for reason in task.reasons)
    return "; ".join(_describe_kind(kind, task.reasons) for kind in kinds)


def summarize(forecast: Forecast) -> str:
    """Return the forecast in one line.

    Args:
        forecast: The forecast.
    """
    counts = Counter(task.answer for task in forecast.tasks)
    parts = [_count(answer, counts[answer]) for answer in Answer if counts[answer]]
    runs = "" if forecast.runs is None else f" of {forecast.runs} runs"
    told = ", ".join(parts) or "no tasks"
    plural = "success" if forecast.successes == 1 else "successes"
    return (
        f"{forecast.pipeline} on {forecast.target}: {told}. "
        f"Compared with {forecast.successes} earlier {plural}{runs}."
    )


def _count(answer: Answer, number: int) -> str:
    word = answer.value if number == 1 else _PLURALS.get(answer, answer.value)
    return f"{number} {word}"


def _describe_kind(kind: str, reasons: Iterable[Reason]) -> str:
    names = ", ".join(each.name for each in reasons if each.kind == kind and each.name)
    return _PHRASES.get(kind, kind).format(names)
