"""The metrics that a run's tasks have logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.runs.record import Artifact, Output, RunRecord

_METRICS = "system.Metrics"
_SCALARS = (str, int, float, bool)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric.

    Args:
        task: The task that logged it.
        environment: The task's environment. Empty without one.
        name: Its name.
        value: Its value.
    """

    task: str
    environment: str
    name: str
    value: str | float | bool

    @property
    def text(self) -> str:
        """Its value for display, with six significant digits."""
        return format_value(self.value)


def list_metrics(record: RunRecord) -> Iterator[Metric]:
    """Yield the metrics of a run, in the order of its tasks.

    Args:
        record: The run's record.

    Yields:
        Scalar metrics, sorted by name within an artifact.
    """
    for task in record.tasks:
        for output in task.outputs.values():
            for artifact in list_artifacts(output):
                if artifact.type == _METRICS:
                    for name, value in sorted(artifact.metadata.items()):
                        if isinstance(value, _SCALARS):
                            yield Metric(
                                task=task.name,
                                environment=task.environment or "",
                                name=name,
                                value=value,
                            )


def find_main_metric(record: RunRecord) -> Metric | None:
    """Return the one metric for a line: the first metric of the last task that has any.

    Args:
        record: The run's record.
    """
    metrics = list(list_metrics(record))
    if not metrics:
        return None
    return next(metric for metric in metrics if metric.task == metrics[-1].task)


def list_artifacts(output: Output) -> tuple[Artifact, ...]:
    """Return the artifacts of an output: none, one, or a list."""
    if output.artifact is not None:
        return (output.artifact,)
    return output.artifacts or ()


def format_value(value: object) -> str:
    """Format a value for display, numbers with six significant digits."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
