"""The sign of a run in progress: a locked file. The kernel unlocks it if the process is killed."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.errors import RunsError
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.project import Project
from kfpkit.runs.record import RunState, State, Task, read_record, write_record

_NAME = "running.lock"


@dataclass(kw_only=True)
class Sign:
    """The sign of a run in progress.

    Args:
        stays: Whether it stays when the run ends, because the record doesn't tell the end. The
            next command then finds it without its lock, as after a kill, and records one.
    """

    stays: bool = False


@contextlib.contextmanager
def present(folder: RunFolder) -> Iterator[Sign]:
    """Show other processes that a run is in progress, until the context ends.

    Args:
        folder: The run's folder.

    Yields:
        The sign.

    Raises:
        RunFolderError: The file can't be written.
    """
    sign = folder.path / _NAME
    unfinished = sign.with_name(f".{_NAME}")
    with contextlib.ExitStack() as stack:
        with writing(folder.path):
            lock = stack.enter_context(unfinished.open("wb"))
            # A file system without locks gets no sign, which would look like one that was left.
            with contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX)
                # Only now, lest another process finds it without its lock.
                unfinished.replace(sign)
            unfinished.unlink(missing_ok=True)
        shown = Sign()
        try:
            yield shown
        finally:
            if not shown.stays:
                sign.unlink(missing_ok=True)


def settle_broken_runs(project: Project) -> list[RunFolder]:
    """Record the end of runs whose process is gone without having recorded one.

    Args:
        project: The project.

    Returns:
        Their folders, from the oldest to the newest. Only one call returns each.
    """
    signs = sorted((project.state / "runs").glob(f"*/{_NAME}"))
    folders = [RunFolder(path=sign.parent) for sign in signs]
    return [folder for folder in folders if settle_run(folder)]


def describe_broken(folder: RunFolder) -> str:
    """Return a line about a run that was interrupted.

    Args:
        folder: Its folder.
    """
    return (
        f"The run {folder.path.name} was interrupted: its process was killed, the machine "
        f"stopped, or its end couldn't be recorded. Its results so far are in {folder.path}"
    )


def settle_run(folder: RunFolder) -> bool:
    """Record the end of a run whose process is gone without having recorded one.

    Args:
        folder: Its folder.

    Returns:
        Whether this was the case.
    """
    sign = folder.path / _NAME
    # A folder that this user cannot write to is somebody else's, and so is its record.
    try:
        with sign.open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            broke_off = _record_end(folder)
            sign.unlink()
    except (OSError, RunsError):
        return False
    return broke_off


def _record_end(folder: RunFolder) -> bool:
    record = read_record(folder.path)
    if record.state is not RunState.RUNNING:  # killed after it had recorded its end
        return False
    tasks = tuple(_settle_task(task) for task in record.tasks)
    ended = record.model_copy(update={"state": RunState.BROKEN_OFF, "tasks": tasks})
    write_record(ended, folder.path)
    return True


def _settle_task(task: Task) -> Task:
    if task.state.is_final:
        return task
    state = State.NOT_STARTED if task.times.running is None else State.STOPPED
    return task.model_copy(update={"state": state})
