"""The facts about a run that its tasks can request."""

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
        name: Its name, unique in the project.
        id: Its unique identifier.
        created: When it was created.
        root: The pipeline root, a folder for the outputs of all tasks.
        workspace: The folder that its tasks share, if they use one.
    """

    name: str
    id: str
    created: dt.datetime
    root: Path
    workspace: Path

    @classmethod
    def create(cls, name: str, *, root: Path, workspace: Path) -> Job:
        """Create a run that starts now.

        Args:
            name: Its name.
            root: The folder for the outputs of all tasks.
            workspace: The folder that its tasks share.
        """
        now = dt.datetime.now(tz=dt.timezone.utc)
        return cls(name=name, id=str(uuid.uuid4()), created=now, root=root, workspace=workspace)

    @property
    def created_utc(self) -> str:
        """Its creation time, in the format of a cluster."""
        return f"{self.created.astimezone(dt.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"

    def answers(self, path: tuple[str, ...]) -> Mapping[str, Callable[[], str]]:
        """Return the placeholders for facts about the run or a task, with their values.

        Args:
            path: The task's name, after the names of the enclosing groups.
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
        """Return the workspace. Creates it now.

        Raises:
            RunFolderError: It can't be created.
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
        """Replace the workspace path of a cluster in a value with the local folder.

        Args:
            value: A parameter's value.

        Raises:
            RunFolderError: The folder can't be created.
        """
        if isinstance(value, str) and WORKSPACE_MOUNT_PATH in value:
            return value.replace(WORKSPACE_MOUNT_PATH, self.open_workspace())
        return value

    def _task_id(self, path: tuple[str, ...]) -> str:
        return str(uuid.uuid5(uuid.UUID(self.id), "/".join(path)))
