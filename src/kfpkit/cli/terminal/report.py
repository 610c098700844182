"""What `kfpkit run` prints at the end: metrics, outputs, failures and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kfpkit.cli.output import shorten_path
from kfpkit.local.record import RunResult
from kfpkit.local.tasks import explain
from kfpkit.project import Project
from kfpkit.runs.history import list_metrics
from kfpkit.runs.record import State
from kfpkit.specification import artifacts_in, local_path

if TYPE_CHECKING:
    from rich.table import Table

_METRICS = "system.Metrics"


def make_metrics_table(result: RunResult) -> Table | None:
    """Return the metrics of all tasks as a table, or None if there are none.

    Args:
        result: The run.
    """
    rows = [
        (each.task, each.environment, each.name, each.text) for each in list_metrics(result.record)
    ]
    if not rows:
        return None
    from rich.table import Table

    table = Table("task", "environment", "metric", "value", title="Metrics", title_justify="left")
    for row in rows:
        table.add_row(*row)
    return table


def list_products(result: RunResult) -> Iterator[tuple[str, str]]:
    """Yield the outputs of the tasks and the pipeline, with their locations.

    Args:
        result: The run.

    Yields:
        A name, such as `evaluate.report`, and a path, an address or a value.
    """
    for task in result.tasks:
        pages = result.pages.get(task.name, {})
        for name, value in sorted(task.outputs.items()):
            for artifact in artifacts_in(value):
                if name in pages:
                    yield f"{task.name}.{name}", shorten_path(pages[name])
                elif artifact.schema_title != _METRICS and _holds_something(artifact):
                    yield f"{task.name}.{name}", _place(artifact)
    for name, value in sorted(result.outputs.items()):
        artifacts = artifacts_in(value)
        for artifact in artifacts:
            yield name, _place(artifact)
        if not artifacts:
            yield name, str(value)


def describe_failures(result: RunResult, project: Project) -> Iterator[str]:
    """Yield a message for each failed task: its own error first, then where to find its log.

    Args:
        result: The run.
        project: The project that the pipeline belongs to.

    Yields:
        The messages, several lines each.
    """
    for task in result.failures:
        inside = f" (environment `{task.environment}`)" if task.environment else ""
        said = explain(task.log, project) if task.log else ""
        ending = f" Full log: {shorten_path(task.log)}" if task.log and task.log.exists() else ""
        title = f" ({task.title})" if task.title else ""
        head = f"Task `{task.name}`{title}{inside} failed: {task.failure}."
        pages = result.pages.get(task.name, {})
        reports = [f"{task.name}.{output}: {shorten_path(page)}" for output, page in pages.items()]
        yield "\n".join(filter(None, [said, *reports, head + ending]))


def describe_end(result: RunResult) -> str:
    """Summarize the run in one line.

    Args:
        result: The run.
    """
    order = list(State)
    tasks = sorted(result.tasks, key=lambda task: order.index(task.state))
    parts = [f"{number} {word}" for word, number in Counter(task.word for task in tasks).items()]
    where = shorten_path(result.page or result.folder.path)
    seconds = f"{result.seconds:.1f} s"
    told = ", ".join(parts) or "no task started"
    return f"{result.pipeline} {result.state} in {seconds}: {told}. See {where}"


def _holds_something(artifact: Any) -> bool:
    path = local_path(artifact)
    return bool(artifact.uri) if path is None else path.exists()


def _place(artifact: Any) -> str:
    path = local_path(artifact)
    return str(artifact.uri) if path is None else shorten_path(path)
