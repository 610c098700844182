"""What a retry needs to know of a run, and what it retried."""

from __future__ import annotations

from kfpkit.runs.record.part import Moment, Part


class Settings(Part):
    """The configuration of a run, except for its parameters.

    The values of environment variables are left out, since they may be secrets.

    Args:
        caching: Whether tasks could be taken from the cache.
        emulators: The services that emulators replaced.
        max_parallel: The number of parallel tasks, if set.
        task_timeout: The time limit of a task, in seconds.
        variables: The names of the environment variables that are set for every task.
    """

    caching: bool
    emulators: tuple[str, ...] = ()
    max_parallel: int | None = None
    task_timeout: float | None = None
    variables: tuple[str, ...] = ()


class Retry(Part):
    """The run that a retry continues.

    Args:
        run: The ID of the run that it continues.
        first: The ID of the first run, which wasn't a retry. Tasks see its name.
        created: When the first run started. Tasks see this time.
        again: The tasks that were to run again although they had succeeded.
    """

    run: str
    first: str
    created: Moment
    again: tuple[str, ...] = ()
