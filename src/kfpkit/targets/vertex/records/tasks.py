"""The tasks of a job in the form of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfpkit.runs.outline import Producers
from kfpkit.runs.record import CacheUse, Component, Input, Links, Node, Output, State, Task, Times
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.console import make_log_link
from kfpkit.targets.vertex.records.places import TaskPlace, list_log_jobs
from kfpkit.targets.vertex.records.values import read_values
from kfpkit.targets.watching import parse_time

_STATES = {
    "PENDING": State.WAITING,
    "RUNNING": State.RUNNING,
    "CANCEL_PENDING": State.RUNNING,
    "CANCELLING": State.RUNNING,
    "CANCELLED": State.STOPPED,
    "SUCCEEDED": State.SUCCEEDED,
    "FAILED": State.FAILED,
    "SKIPPED": State.CACHED,  # what Vertex AI calls a cache hit
    "NOT_TRIGGERED": State.SKIPPED,
}
_IDLE = (State.CACHED, State.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class PlacedTask:
    """A task with its outputs, which may have produced inputs of others. See `Producer`.

    Args:
        place: Its place in the pipeline.
        outputs: Its outputs by name.
    """

    place: TaskPlace
    outputs: Mapping[str, Output]

    @property
    def name(self) -> str:
        """Its name in the run."""
        return self.place.name

    @property
    def node(self) -> str:
        """The ID of its node."""
        return self.place.node

    @property
    def iteration(self) -> Sequence[int]:
        """The numbers of the iterations around it."""
        return self.place.iteration


@dataclass(frozen=True, kw_only=True)
class JobTasks:
    """Describes the tasks of a job.

    Args:
        target: Where it runs.
        nodes: The pipeline's nodes by ID.
        components: The pipeline's components by name.
    """

    target: VertexTarget
    nodes: Mapping[str, Node]
    components: Mapping[str, Component]

    def describe(self, places: Iterable[TaskPlace]) -> tuple[Task, ...]:
        """Return tasks for the record.

        Args:
            places: The tasks with their places.
        """
        placed = [
            PlacedTask(place=place, outputs=read_values(place.detail, "output", place.component))
            for place in places
        ]
        producers = Producers(self.nodes.values())
        return tuple(self._describe(task, placed, producers) for task in placed)

    def _describe(
        self, task: PlacedTask, placed: Sequence[PlacedTask], producers: Producers
    ) -> Task:
        detail = task.place.detail
        state = _STATES.get(str(detail.get("state", "PENDING")), State.WAITING)
        times = _read_times(detail)
        is_timed = state not in _IDLE and times.running and times.ended
        seconds = (times.ended - times.running).total_seconds() if is_timed else None  # type: ignore[operator]
        failure = detail.get("error", {}).get("message")
        node = self.nodes.get(task.node)
        component = None if node is None else self.components.get(node.component or "")
        return Task(
            name=task.name,
            node=None if node is None else node.id,
            iteration=task.place.iteration or None,
            environment=None if component is None else component.environment,
            display=None if node is None else node.display,
            state=state,
            times=times,
            seconds=None if seconds is None else round(seconds, 3),
            inputs=_describe_inputs(task, placed, producers),
            outputs=dict(task.outputs),
            cache=CacheUse(hit=True) if state is State.CACHED else None,
            failure=str(failure).rstrip(". ") if failure and state is State.FAILED else None,
            links=self._make_links(detail),
        )

    def _make_links(self, detail: Mapping[str, Any]) -> Links | None:
        jobs = list_log_jobs(detail)
        log = make_log_link(self.target, jobs[-1]) if jobs else None
        return Links(log=log) if log else None


def _describe_inputs(
    task: PlacedTask, placed: Sequence[PlacedTask], producers: Producers
) -> dict[str, Input]:
    found: dict[str, Input] = {}
    for name, value in read_values(task.place.detail, "input", task.place.component).items():
        makers, parameter = producers.input(task.node, name)
        sources = [
            source
            for maker in makers
            for source in producers.find(
                maker,
                task.node,
                task.iteration,
                [each for each in placed if each.node == maker.rpartition(".")[0]],
            )
        ]
        found[name] = Input(
            value=value.value,
            artifact=value.artifact,
            artifacts=value.artifacts,
            sources=tuple(sources) or None,
            parameter=parameter,
        )
    return found


def _read_times(detail: Mapping[str, Any]) -> Times:
    ready, running, ended = (
        parse_time(detail[key]) if key in detail else None
        for key in ("createTime", "startTime", "endTime")
    )
    return Times(ready=ready, running=running, ended=ended)
