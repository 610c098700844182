"""The run that a retry continues from, and why a run can't be retried."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kfpkit.configuration import Given, GivenValue, Origin, collect_given
from kfpkit.errors import ChangedConfigurationError, RunsError, UnretryableRunError
from kfpkit.local.record import RunFolder, writing
from kfpkit.local.tasks import FinishedTasks
from kfpkit.project import Project
from kfpkit.runs.record import Retry, RunRecord, RunState, Settings, read_record
from kfpkit.specification.execution import Job


@dataclass(frozen=True, kw_only=True)
class EarlierRun:
    """A run that has ended without success, or of which some tasks are to run again.

    Args:
        folder: Its folder.
        record: Its record.
        again: The tasks that run again although they have succeeded.
    """

    folder: RunFolder
    record: RunRecord
    again: Collection[str] = ()

    def check(self) -> None:
        """Require all that a retry needs.

        Raises:
            UnretryableRunError: The run goes on, or has nothing to retry, or lacks a part.
        """
        record = self.record
        if record.state is RunState.RUNNING:
            self._refuse("it is still running", "Wait until it ends, or stop it with Ctrl-C")
        if record.state is RunState.SUCCEEDED and not self.again:
            self._refuse(
                "it succeeded",
                f"To run some of its tasks again, name them: `kfpkit runs retry {record.id} TASK`",
            )
        anew = "Run the pipeline again with `kfpkit run`"
        if record.settings is None or record.uuid is None or record.started is None:
            self._refuse("its record doesn't say how it was configured", anew)
        if not self.folder.specification.is_file():
            self._refuse(f"{self.folder.specification} doesn't exist", anew)

    def find_configuration(self, project: Project) -> Path | None:
        """Return the configuration file of the run; None if it had none.

        Args:
            project: The project.

        Raises:
            ChangedConfigurationError: The file has changed, or can't be read.
        """
        if self.record.configuration is None:
            return None
        described = self.record.configuration
        file = project.root / described.file
        try:
            same = hashlib.sha256(file.read_bytes()).hexdigest() == described.digest
        except OSError as error:
            cause = error.strerror or str(error)
            raise ChangedConfigurationError(run=self.record.id, file=file, cause=cause) from error
        if not same:
            raise ChangedConfigurationError(
                run=self.record.id, file=file, cause="its content has changed"
            )
        return file

    def collect_given(self, file: Path | None) -> Given:
        """Return what the run was given, with the values of its environment variables.

        Args:
            file: Its configuration file.

        Raises:
            UnretryableRunError: The variables are not in that file.
        """
        read = collect_given(file, pipeline=self.folder.specification, variables={})
        known = self.record.settings or Settings(caching=True)
        if sorted(read.settings.environment_variables) != sorted(known.variables):
            self._refuse(
                "its environment variables were not set in a configuration file, and their values "
                "are not recorded",
                "Run the pipeline again",
            )
        target = self.record.target
        changes = {
            **known.model_dump(exclude={"variables"}),
            "containers": target is not None and target.mode == "container",
        }
        settings = read.settings.model_copy(update=changes)
        return replace(read, settings=settings, values=tuple(self._list_values()))

    def _list_values(self) -> Iterator[GivenValue]:
        for name, given in self.record.parameters.items():
            if given.origin != "default":
                yield GivenValue(name=name, value=given.value, origin=Origin(name=given.origin))

    def make_job(self, *, root: Path, workspace: Path) -> Job:
        """Return the run as its tasks see it: under the name that the finished tasks have seen.

        Args:
            root: The folder for the outputs of all tasks.
            workspace: The folder that its tasks share.
        """
        retry = self.describe()
        return Job(
            name=retry.first,
            id=self.record.uuid or "",
            created=retry.created,
            root=root,
            workspace=workspace,
        )

    def describe(self) -> Retry:
        """Return what the record of a retry has of this run."""
        record = self.record
        first, created = record.id, record.started
        if record.retry is not None:
            first, created = record.retry.first, record.retry.created
        return Retry.model_validate(
            {"run": record.id, "first": first, "created": created, "again": sorted(self.again)}
        )

    def open_finished(self, workspace: Path) -> tuple[FinishedTasks, ...]:
        """Return what tasks have produced in this run and in those that it retried, newest first.

        A retry that has ended early has not come to all that earlier runs have finished.

        Args:
            workspace: The workspace of the retry.
        """
        return tuple(
            FinishedTasks(folder=folder.path, workspace=workspace, attempted=_attempted(record))
            for folder, record in self._find_chain()
        )

    def copy_workspace(self, folder: RunFolder) -> None:
        """Give a retry a copy of the workspace, since tasks change it.

        It appears as a whole: a retry without one was killed before its first task.

        Args:
            folder: The folder of the retry.

        Raises:
            RunFolderError: It cannot be copied.
        """
        found = (before.workspace for before, _ in self._find_chain() if before.workspace.is_dir())
        if (workspace := next(found, None)) is not None:
            unfinished = folder.path / ".workspace"
            with writing(folder.workspace):
                shutil.copytree(workspace, unfinished, symlinks=True)
                unfinished.rename(folder.workspace)

    def _find_chain(self) -> Iterator[tuple[RunFolder, RunRecord]]:
        """Find the run and those that it retried, the newest first, as far as they are there."""
        folder, record = self.folder, self.record
        yield folder, record
        while record.retry is not None:
            folder = RunFolder(path=folder.path.with_name(record.retry.run))
            try:
                record = read_record(folder.path)
            except RunsError:
                return
            yield folder, record

    def _refuse(self, cause: str, remedy: str) -> None:
        raise UnretryableRunError(run=self.record.id, cause=cause, remedy=remedy)


def _attempted(record: RunRecord) -> frozenset[str]:
    """Return the tasks that a run has started, or was to start, whatever was there."""
    started = (task.name for task in record.tasks if task.attempts)
    return frozenset((*started, *(record.retry.again if record.retry else ())))
