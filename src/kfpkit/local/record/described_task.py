"""A task of a run in the form of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.values import describe_output, shorten
from kfpkit.runs.outline import Producers
from kfpkit.runs.record import Attempt, Input, Log, Task, Times, make_moment

_INJECTED = "pipelinechannel--"  # inputs that KFP's compiler adds for strings and conditions


class TaskDescriber:
    """Describes the tasks of one run for its record. Describes unchanged tasks only once.

    Args:
        folder: The run's folder.
        producers: Finds the producers of inputs.
    """

    def __init__(self, folder: Path, producers: Producers) -> None:
        self._folder = folder
        self._producers = producers
        self._described: dict[str, tuple[TaskRecord, Task]] = {}

    def describe(
        self, tasks: Sequence[TaskRecord], pages: Mapping[str, Mapping[str, Path]]
    ) -> tuple[Task, ...]:
        """Return tasks for the record.

        Args:
            tasks: All tasks of the run.
            pages: The pages with their reports, by task and output.
        """
        by_node: dict[str, list[TaskRecord]] = {}
        for task in tasks:
            by_node.setdefault(task.node, []).append(task)
        return tuple(self._describe_once(task, pages.get(task.name, {}), by_node) for task in tasks)

    def _describe_once(
        self,
        task: TaskRecord,
        pages: Mapping[str, Path],
        by_node: Mapping[str, Sequence[TaskRecord]],
    ) -> Task:
        before, described = self._described.get(task.name, (None, None))
        if described is None or before is not task or pages:
            described = self._describe(task, pages, by_node)
            self._described[task.name] = (task, described)
        return described

    def _describe(
        self,
        task: TaskRecord,
        pages: Mapping[str, Path],
        by_node: Mapping[str, Sequence[TaskRecord]],
    ) -> Task:
        folder = self._folder
        seconds = None if task.ended is None else task.seconds(task.ended)
        last = task.attempts[-1] if task.attempts else Attempt()
        return Task(
            name=task.name,
            node=task.node or None,
            iteration=task.iteration or None,
            item=task.item or None,
            environment=task.environment or None,
            display=task.title or None,
            state=task.state,
            cause=task.cause,
            times=_describe_times(task),
            seconds=None if seconds is None else round(seconds, 3),
            attempts=task.attempts or None,
            inputs=self._describe_inputs(task, by_node),
            outputs={name: describe_output(value, folder) for name, value in task.outputs.items()},
            pages={output: shorten(page, folder) for output, page in pages.items()},
            cache=task.cache,
            failure=task.failure,
            exit=last.exit,
            signal=last.signal,
            place=task.place,
            peak_memory=_find_peak(task.attempts),
            cpu_seconds=_add_up(task.attempts),
            log=_describe_log(task, folder),
        )

    def _describe_inputs(
        self, task: TaskRecord, by_node: Mapping[str, Sequence[TaskRecord]]
    ) -> dict[str, Input]:
        return {
            name: self._describe_input(task, name, by_node)
            for name in sorted(task.inputs)
            if not name.startswith(_INJECTED)
        }

    def _describe_input(
        self, task: TaskRecord, name: str, by_node: Mapping[str, Sequence[TaskRecord]]
    ) -> Input:
        value = describe_output(task.inputs[name], self._folder)
        makers, parameter = self._producers.input(task.node, name)
        sources = [
            source
            for maker in makers
            for source in self._producers.find(
                maker, task.node, task.iteration, by_node.get(maker.rpartition(".")[0], ())
            )
        ]
        return Input(
            value=value.value,
            artifact=value.artifact,
            artifacts=value.artifacts,
            sources=tuple(sources) or None,
            parameter=parameter,
        )


def _describe_times(task: TaskRecord) -> Times:
    return Times(
        ready=make_moment(task.ready),
        preparing=make_moment(task.preparing),
        running=make_moment(task.started),
        ended=make_moment(task.ended),
    )


def _find_peak(attempts: Sequence[Attempt]) -> int | None:
    """Return the largest memory of all attempts. None unless it is known for each."""
    known = [attempt.peak_memory for attempt in attempts if attempt.peak_memory is not None]
    return max(known) if known and len(known) == len(attempts) else None


def _add_up(attempts: Sequence[Attempt]) -> float | None:
    """Return the processor time of all attempts. None unless it is known for each."""
    known = [attempt.cpu_seconds for attempt in attempts if attempt.cpu_seconds is not None]
    return round(sum(known), 3) if known and len(known) == len(attempts) else None


def _describe_log(task: TaskRecord, folder: Path) -> Log | None:
    """Return the task's log. None if there is none."""
    if task.log is None:
        return None
    try:
        size = task.log.stat().st_size
    except OSError:
        return None
    return Log(path=shorten(task.log, folder), bytes=size if task.state.is_final else None)
