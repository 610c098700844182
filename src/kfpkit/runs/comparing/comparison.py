"""A comparison of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfpkit.errors import DifferentPipelinesError
from kfpkit.runs.comparing.rows import Row, align
from kfpkit.runs.comparing.sources import SourceChange, Texts, find_source_changes
from kfpkit.runs.comparing.tasks import TaskRow, align_tasks
from kfpkit.runs.history import list_artifacts, list_metrics
from kfpkit.runs.record import RunRecord

_METRICS = "system.Metrics"
_CLASSIFICATION = "system.ClassificationMetrics"
_PYTHON = "Python"
_Values = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Runs of one pipeline, side by side. The first is the baseline.

    Args:
        records: The runs' records.
        parameters: The pipeline's parameters.
        results: The pipeline's output parameters.
        metrics: The metrics of all tasks.
        classifications: The confusion matrices and curves of all tasks.
        outputs: The output parameters of tasks, and the metadata of their artifacts, such as the
            number of rows.
        packages: The packages of the environments, as locked, and their Python.
        tasks: The tasks, with states and reasons.
        sources: For each run after the first, the source files that differ from the first run.
    """

    records: tuple[RunRecord, ...]
    parameters: tuple[Row, ...]
    results: tuple[Row, ...]
    metrics: tuple[Row, ...]
    classifications: tuple[Row, ...]
    outputs: tuple[Row, ...]
    packages: tuple[Row, ...]
    tasks: tuple[TaskRow, ...]
    sources: tuple[tuple[SourceChange, ...], ...]

    @property
    def summary(self) -> str:
        """Summarize the changes in a line: `1 parameter, 2 source files, 1 lock`."""
        return ", ".join(self.changes) or "nothing that the records show"

    @property
    def changes(self) -> tuple[str, ...]:
        """Count the changes: `1 parameter`, `2 source files`, `1 lock`."""
        files = {change.path for changes in self.sources for change in changes}
        locks = {row.group for row in self.packages if row.differs}
        counts = {
            "parameter": sum(row.differs for row in self.parameters),
            "source file": len(files),
            "lock": len(locks),
            "output": sum(row.differs for row in self.outputs),
        }
        return tuple(_count(number, noun) for noun, number in counts.items() if number)


def compare(records: Sequence[RunRecord], texts: Texts) -> Comparison:
    """Compare runs of one pipeline.

    Args:
        records: The records of two or more runs, starting with the baseline.
        texts: The texts of their source files, by digest.

    Raises:
        DifferentPipelinesError: They are runs of different pipelines.
    """
    if len({record.pipeline for record in records}) > 1:
        raise DifferentPipelinesError(pipelines={record.id: record.pipeline for record in records})
    # A missing fact is no change.
    is_known = all(_has_packages(record) for record in records)
    return Comparison(
        records=tuple(records),
        parameters=align([_read_parameters(record) for record in records]),
        results=align([_read_results(record) for record in records]),
        metrics=align([_read_metrics(record) for record in records]),
        classifications=align([_read_classifications(record) for record in records]),
        outputs=align([_read_outputs(record) for record in records]),
        packages=align([_read_packages(record) for record in records] if is_known else []),
        tasks=align_tasks(records),
        sources=tuple(find_source_changes(records[0], record, texts) for record in records[1:]),
    )


def _read_parameters(record: RunRecord) -> _Values:
    return {("", name): parameter.value for name, parameter in record.parameters.items()}


def _read_results(record: RunRecord) -> _Values:
    known = record.outputs.items()
    return {("", name): output.value for name, output in known if not list_artifacts(output)}


def _read_metrics(record: RunRecord) -> _Values:
    return {(metric.task, metric.name): metric.value for metric in list_metrics(record)}


def _has_packages(record: RunRecord) -> bool:
    """Return whether a record has the packages of its environments. Targets don't report them."""
    environments = record.environments.values()
    return not environments or any(each.python or each.packages for each in environments)


def _read_packages(record: RunRecord) -> _Values:
    found: dict[tuple[str, str], Any] = {}
    for name, environment in record.environments.items():
        if environment.python is not None:
            found[name, _PYTHON] = environment.python
        found |= {(name, package): each for package, each in environment.packages.items()}
    return found


def _read_classifications(record: RunRecord) -> _Values:
    return {
        (task.name, name): artifact.metadata
        for task in record.tasks
        for name, output in task.outputs.items()
        for artifact in list_artifacts(output)
        if artifact.type == _CLASSIFICATION
    }


def _read_outputs(record: RunRecord) -> _Values:
    found: dict[tuple[str, str], Any] = {}
    for task in record.tasks:
        for name, output in task.outputs.items():
            artifacts = list_artifacts(output)
            if not artifacts:
                found[task.name, name] = output.value
            for artifact in artifacts:
                if artifact.type not in {_METRICS, _CLASSIFICATION}:
                    metadata = artifact.metadata.items()
                    found |= {(task.name, f"{name}.{key}"): value for key, value in metadata}
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
