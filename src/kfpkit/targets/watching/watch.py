"""Watches runs until they end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from kfpkit.errors import (
    QuotaExceededError,
    ServiceFailedError,
    ServiceUnreachableError,
)
from kfpkit.targets.watching.progress import RunProgress, RunState

_PASSING = (QuotaExceededError, ServiceFailedError, ServiceUnreachableError)

Ask = Callable[[str], RunProgress]
"""Asks a target for a run by its name. It soon gives up what fails, because it is called again."""


class Watcher(Protocol):
    """Is called with what changes."""

    def see(self, progress: RunProgress) -> None:
        """See how far a run has come, each time that it was asked.

        Args:
            progress: How far it has come.
        """

    def wait(self, cause: str) -> None:
        """See that a service can't be asked at the moment.

        Args:
            cause: Why.
        """


class SilentWatcher:
    """Does nothing."""

    def see(self, progress: RunProgress) -> None:
        """Do nothing.

        Args:
            progress: Ignored.
        """

    def wait(self, cause: str) -> None:
        """Do nothing.

        Args:
            cause: Ignored.
        """


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often runs are asked for.

    Args:
        first: The seconds after which a run that has changed is asked for again.
        longest: The seconds that no wait exceeds.
        factor: By how much a wait grows while nothing changes.
        limit: The seconds after which nothing is asked any more. None without a limit.
    """

    first: float = 2.0
    longest: float = 30.0
    factor: float = 1.5
    limit: float | None = None


def choose_rhythm(kind: str, limit: float | None = None) -> Rhythm:
    """Return how often to ask for runs of a target. The emulator has no quotas.

    Args:
        kind: The kind of target.
        limit: The seconds after which nothing is asked any more.
    """
    if kind == "emulator":
        return Rhythm(first=0.2, longest=2.0, limit=limit)
    return Rhythm(limit=limit)


def watch_runs(
    ask: Ask, names: Iterable[str], watcher: Watcher, rhythm: Rhythm
) -> list[RunProgress]:
    """Watch runs until all have ended, or the time is over.

    A service that fails or can't be reached is asked again until the time is over. Time is measured
    by a clock that is never set.

    Args:
        ask: Asks the target for a run.
        names: The runs' full names.
        watcher: What is called with their progress.
        rhythm: How often they are asked for.

    Returns:
        How far each run has come. Its state is final unless the time is over.

    Raises:
        RequestError: A request was refused for a reason that doesn't pass.
    """
    end = None if rhythm.limit is None else time.monotonic() + rhythm.limit
    found: dict[str, RunProgress | None] = dict.fromkeys(names)
    delay = rhythm.first
    while True:
        if _ask_all(ask, found, watcher):
            delay = rhythm.first
        known = [each for each in found.values() if each is not None]
        if len(known) == len(found) and all(each.state.is_final for each in known):
            return known
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0:
            return [each or _miss(name) for name, each in found.items()]
        time.sleep(delay if left is None else min(delay, left))
        delay = min(delay * rhythm.factor, rhythm.longest)


def _ask_all(ask: Ask, found: dict[str, RunProgress | None], watcher: Watcher) -> bool:
    """Ask for the runs that haven't ended, and return whether one has changed."""
    has_changed = False
    for name, before in found.items():
        if before is not None and before.state.is_final:
            continue
        try:
            progress = ask(name)
        except _PASSING as error:
            watcher.wait(str(error))
            continue
        has_changed |= before is None or _summarize(before) != _summarize(progress)
        found[name] = progress
        watcher.see(progress)
    return has_changed


def _summarize(progress: RunProgress) -> tuple[object, ...]:
    return (progress.state, *((task.name, task.state) for task in progress.tasks))


def _miss(name: str) -> RunProgress:
    return RunProgress(name=name, state=RunState.UNKNOWN)
