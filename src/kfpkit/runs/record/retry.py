"""What a run needs to be gone on from, and what a retry went on from."""

from __future__ import annotations

from kfpkit.runs.record.part import Moment, Part


class Settings(Part):
    """How the run was configured, apart from its parameters.

    The values of environment variables are left out, since they may be secrets.

    Args:
        caching: Whether tasks could be taken from the cache.
        emulators: The services that emulators replaced.
        max_parallel: The number of parallel tasks, if it was set.
        task_timeout: The time limit of a task, in seconds.
        variables: The names of the environment variables that were set for every task.
    """

    caching: bool
    emulators: tuple[str, ...] = ()
    max_parallel: int | None = None
    task_timeout: float | None = None
    variables: tuple[str, ...] = ()


class Retry(Part):
    """What a retry goes on from.

    Args:
        run: The id of the run that it goes on from.
        first: The id of the run that was no retry, whose name its tasks see.
        created: When that run started, which its tasks see.
    """

    run: str
    first: str
    created: Moment
