"""What a task can ask about the run that it belongs to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from kfp.dsl.constants import WORKSPACE_MOUNT_PATH

from kfpkit.errors import RunFolderError
from kfpkit.specification.message_types import Value


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run, as its tasks see it.

    Args:
        name: Its name, which no other run of the project has.
        id: Its identifier, which no other run has.
        created: When it was created.
        root: The folder for the outputs of all tasks, the pipeline root.
        workspace: The folder that its tasks share, if they ask for one.
    """

    name: str
    id: str
    created: dt.datetime
    root: Path
    workspace: Path

    @classmethod
    def create(cls, name: str, *, root: Path, workspace: Path) -> Job:
        """Return a new run, created now.

        Args:
            name: Its name.
            root: The folder for the outputs of all tasks.
            workspace: The folder that its tasks share.
        """
        now = dt.datetime.now(tz=dt.timezone.utc)
        return cls(name=name, id=str(uuid.uuid4()), created=now, root=root, workspace=workspace)

    @property
    def created_utc(self) -> str:
        """When it was created, as a cluster writes it."""
        return f"{self.created.astimezone(dt.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"

    def answers(self, path: tuple[str, ...]) -> Mapping[str, Callable[[], str]]:
        """Return the placeholders that ask about the run or a task of it, with their answers.

        Args:
            path: The task's name, after those of what it is in.
        """
        return {
            "pipeline_job_name": lambda: self.name,
            "pipeline_job_resource_name": lambda: self.name,
            "pipeline_job_uuid": lambda: self.id,
            "pipeline_job_create_time_utc": lambda: self.created_utc,
            # Nothing schedules a run on this machine; a cluster answers so to one by hand.
            "pipeline_job_schedule_time_utc": lambda: self.created_utc,
            "pipeline_root": lambda: str(self.root),
            "pipeline_task_name": lambda: path[-1],
            "pipeline_task_uuid": lambda: self._task_id(path),
            "workspace_path": self.open_workspace,
        }

    def open_workspace(self) -> str:
        """Return the workspace, which is made now.

        Raises:
            RunFolderError: It cannot be made.
        """
        try:
            self.workspace.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cause = error.strerror or str(error)
            raise RunFolderError(folder=self.workspace, cause=cause) from error
        return str(self.workspace)

    @overload
    def place(self, value: str) -> str: ...

    @overload
    def place(self, value: Value) -> Value: ...

    def place(self, value: Value) -> Value:
        """Put the workspace's folder where a value names the one that a cluster mounts.

        Args:
            value: A parameter's value.

        Raises:
            RunFolderError: The folder cannot be made.
        """
        if isinstance(value, str) and WORKSPACE_MOUNT_PATH in value:
            return value.replace(WORKSPACE_MOUNT_PATH, self.open_workspace())
        return value

    def _task_id(self, path: tuple[str, ...]) -> str:
        return str(uuid.uuid5(uuid.UUID(self.id), "/".join(path)))
