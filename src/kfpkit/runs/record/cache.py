"""What the execution cache had to do with a task."""

from __future__ import annotations

from typing import Literal

from kfpkit.runs.record.part import Part
from kfpkit.runs.record.states import State


class Miss(Part):
    """A reason why a task ran and was not taken from the cache.

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
    """What the execution cache had to do with a task.

    Args:
        key: Its key.
        hit: Whether the task was taken from the cache, or from the run that a retry goes on from.
        retry: Whether it was the latter.
        run: The id of the run that made what was taken.
        task: The task of that run.
        miss: Why the task ran; absent if that is not known.
    """

    key: str | None = None
    hit: bool = False
    retry: bool | None = None
    run: str | None = None
    task: str | None = None
    miss: tuple[Miss, ...] | None = None


def describe_state(state: State, cache: CacheUse | None) -> str:
    """Return the word that users read for the state of a task.

    Args:
        state: The state.
        cache: What the execution cache had to do with the task.
    """
    return "reused" if cache is not None and cache.retry else state.value
