"""The use of the execution cache by a task."""

from __future__ import annotations

from typing import Literal

from kfpkit.runs.record.part import Part
from kfpkit.runs.record.states import State


class Miss(Part):
    """A reason why a task ran and wasn't taken from the cache.

    Args:
        kind: `code`: a file of its bundle changed, or the command of a component without a bundle.
            `lock`: its environment's lock changed. `image`: its image changed for another reason.
            `input`: an input has a different value. `upstream`: an input is from a task that ran
            again. `off`: caching is off for the task or the run. `never`: no earlier success of
            the task is known.
        name: What changed: a file or a component, an environment, an image, or an input.
    """

    kind: Literal["code", "lock", "image", "input", "upstream", "off", "never"]
    name: str | None = None


class CacheUse(Part):
    """The use of the execution cache by a task.

    Args:
        key: Its key.
        hit: Whether the task was taken from the cache, or from the run that this one retries.
        retry: Whether it was the latter.
        run: The ID of the run that produced the outputs.
        task: The task of that run.
        miss: Why the task ran. Absent if it isn't known.
    """

    key: str | None = None
    hit: bool = False
    retry: bool | None = None
    run: str | None = None
    task: str | None = None
    miss: tuple[Miss, ...] | None = None


def describe_state(state: State, cache: CacheUse | None) -> str:
    """Return the word for the state of a task that users read.

    Args:
        state: The state.
        cache: The task's use of the execution cache.
    """
    return "reused" if cache is not None and cache.retry else state.value
