"""The runs of this machine: folders under `.kfpkit/runs/` of a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors import MissingLogError, StrayLogError, UnknownTaskError, UnreadableRunError
from kfpkit.project import Project
from kfpkit.runs.history.folders import RUNS, list_run_names
from kfpkit.runs.history.naming import choose_name
from kfpkit.runs.record import NAME, RunRecord, Task, read_record
from kfpkit.wording import find_nearest


@dataclass(frozen=True, kw_only=True)
class LocalRuns:
    """The runs of a project on this machine. See `RunSource`.

    Args:
        project: The project.
    """

    project: Project

    def list_names(self) -> list[str]:
        """Return the names of all runs, from the newest to the oldest."""
        return list_run_names(self.project)

    def locate(self, name: str) -> Path:
        """Return the folder of a run. See `RunSource`."""
        return self.project.state / RUNS / name

    def find(self, wanted: str) -> Path:
        """Find the folder of the run that a short name means.

        Args:
            wanted: A run's folder or record, `latest`, `latest~N`, a name or its beginning.

        Raises:
            UnknownRunError: The run doesn't exist.
            AmbiguousRunError: Several names begin like this.
        """
        return _find_folder(Path(wanted)) or self.locate(choose_name(wanted, self.list_names()))

    def read(self, folder: Path) -> RunRecord:
        """Read the record of a run.

        Args:
            folder: The run's folder.

        Raises:
            RunsError: It is missing or can't be read.
        """
        return read_record(folder)

    def find_log(self, folder: Path, record: RunRecord, task: str) -> Path:
        """Find the file with a task's output.

        Args:
            folder: The run's folder.
            record: The run's record.
            task: The task's name, or its last part if only one task has it.

        Raises:
            UnknownTaskError: The task doesn't exist.
            MissingLogError: The task has no log.
            StrayLogError: The record names a file outside the run's folder.
            UnreadableRunError: The folder of the log cannot be read.
        """
        found = find_task(record, task)
        log = None if found.log is None else folder / found.log.path
        try:
            is_there = log is not None and log.is_file()
            is_inside = log is None or log.resolve().is_relative_to(folder.resolve())
        except OSError as error:
            cause = error.strerror or str(error)
            raise UnreadableRunError(file=log or folder, cause=cause) from error
        if log is None or not is_there:
            raise MissingLogError(run=record.id, task=found.name, state=found.state.value, log=log)
        if not is_inside:
            raise StrayLogError(run=record.id, log=log)
        return log


def _find_folder(given: Path) -> Path | None:
    """Return the folder of the run that a path names; None if it names none."""
    try:
        if given.name == NAME and given.is_file():
            return given.parent.resolve()
        return given.resolve() if (given / NAME).is_file() else None
    except (OSError, ValueError):  # a name that no file can have, or a folder of somebody else
        return None


def find_task(record: RunRecord, name: str) -> Task:
    """Find a task of a run.

    Args:
        record: The run's record.
        name: The task's name, or its last part if only one task has it.

    Raises:
        UnknownTaskError: The task doesn't exist.
    """
    tasks = {task.name: task for task in record.tasks}
    if name in tasks:
        return tasks[name]
    ending = [task for task in record.tasks if task.name.rpartition("/")[2] == name]
    if len(ending) == 1:
        return ending[0]
    nearest = ending[0].name if ending else find_nearest(name, tasks)
    raise UnknownTaskError(run=record.id, task=name, known=list(tasks), nearest=nearest)
