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
    """Why a task did not run to its end.

    Args:
        kind: `condition`: a condition was false. `upstream`: a task that it needs did not succeed.
            `stopped`: the run was stopped.
        node: The node that it was.
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
        bytes: Its size when the task had ended.
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
    """A task of a run; each iteration of a loop has its own.

    Args:
        name: Its name, with those of the loops and pipelines around it: `for-loop-1/0/train`.
        node: The id of its node.
        iteration: The numbers of the iterations that it is in, the outermost loop's first.
        item: The items of these iterations, for people.
        environment: The environment that it runs in; a key of the run's `environments` if that
            is known.
        display: The name that its author gave it for display.
        state: Where it stands.
        cause: Why it did not run.
        times: When it came to each stage.
        seconds: How long it ran, from its first command's start to its end.
        attempts: The executions of its command.
        inputs: Its inputs by name.
        outputs: Its outputs by name.
        pages: The pages in the run's folder that show its reports, by output.
        cache: What the execution cache had to do with it.
        failure: Why it failed, as a sentence without its end.
        exit: The exit code of its last attempt.
        signal: The signal that ended its last attempt.
        place: The author's line that failed.
        peak_memory: The largest of its attempts, in bytes.
        cpu_seconds: The sum of its attempts.
        log: Its output.
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
        """Its state in the word that users read."""
        return describe_state(self.state, self.cache)
