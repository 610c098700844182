"""The tasks of a run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kfpkit.runs.record.attempt import Attempt, Times
from kfpkit.runs.record.cache import CacheUse, describe_state
from kfpkit.runs.record.part import Part
from kfpkit.runs.record.states import State
from kfpkit.runs.record.values import Input, Output


class Cause(Part):
    """The reason why a task didn't run to its end.

    Args:
        kind: `condition`: a condition was false. `upstream`: a task that it needs didn't
            succeed. `stopped`: the run was stopped.
        node: The node of the condition or task.
    """

    kind: Literal["condition", "upstream", "stopped"]
    node: str | None = None


class Place(Part):
    """A line of the author's source.

    Args:
        file: The file, relative to the project's folder if it is in there.
        line: The number of the line.
    """

    file: str
    line: int


class Log(Part):
    """The file with a task's output.

    Args:
        path: The file, relative to the run's folder.
        bytes: Its size when the task ended.
    """

    path: str
    bytes: int | None = None


class Links(Part):
    """Addresses of a task in the target's console.

    Args:
        log: Its log.
        console: Its page.
    """

    log: str | None = None
    console: str | None = None


class Task(Part):
    """A task of a run. Each iteration of a loop has its own tasks.

    Args:
        name: Its name, with those of the loops and pipelines around it: `for-loop-1/0/train`.
        node: The ID of its node.
        iteration: The numbers of the iterations around it, from the outermost loop inward.
        item: The items of these iterations, for display.
        environment: The environment that it runs in, a key of the run's `environments` if it is
            known.
        display: The name that its author set for display.
        state: Its state.
        cause: Why it didn't run.
        times: When it reached each stage.
        seconds: How long it ran, from its first command's start to its end.
        attempts: The executions of its command.
        inputs: Its inputs by name.
        outputs: Its outputs by name.
        pages: The pages in the run's folder that show its reports, by output.
        unread_reports: The reports that could not be fetched from its target, by output, with the
            cause as a sentence without a period.
        cache: Its use of the execution cache.
        failure: The reason for its failure, as a sentence without a period.
        exit: The exit code of its last attempt.
        signal: The signal that ended its last attempt.
        place: The author's line that failed.
        peak_memory: The largest peak memory of its attempts, in bytes.
        cpu_seconds: The sum of the processor times of its attempts.
        log: The file with its output.
        links: Addresses in the target's console.
    """

    name: str
    node: str | None = None
    iteration: tuple[int, ...] | None = None
    item: str | None = None
    environment: str | None = None
    display: str | None = None
    state: State
    cause: Cause | None = None
    times: Times = Times()
    seconds: float | None = None
    attempts: tuple[Attempt, ...] | None = None
    inputs: dict[str, Input] = Field(default_factory=dict)
    outputs: dict[str, Output] = Field(default_factory=dict)
    pages: dict[str, str] = Field(default_factory=dict)
    unread_reports: dict[str, str] = Field(default_factory=dict)
    cache: CacheUse | None = None
    failure: str | None = None
    exit: int | None = None
    signal: str | None = None
    place: Place | None = None
    peak_memory: int | None = None
    cpu_seconds: float | None = None
    log: Log | None = None
    links: Links | None = None

    @property
    def word(self) -> str:
        """The word for its state that users read."""
        return describe_state(self.state, self.cache)
