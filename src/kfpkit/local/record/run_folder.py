"""The folder of one run, under the project's `.kfpkit/runs/`."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit import files
from kfpkit.errors import RunFolderError
from kfpkit.project import Project
from kfpkit.runs.record import NAME as RECORD


@dataclass(frozen=True, kw_only=True)
class RunFolder:
    """The folder of one run.

    Args:
        path: The absolute path.
    """

    path: Path

    @property
    def specification(self) -> Path:
        """The compiled pipeline that runs."""
        return self.path / "pipeline.yaml"

    @property
    def summary(self) -> Path:
        """The record of the run."""
        return self.path / RECORD

    @property
    def artifacts(self) -> Path:
        """The pipeline root."""
        return self.path / "artifacts"

    @property
    def environments(self) -> Path:
        """The logs of virtual environments that were created for the run."""
        return self.path / "environments"

    @property
    def workspace(self) -> Path:
        """The folder that the run's tasks share, if the pipeline has a workspace."""
        return self.path / "workspace"

    @property
    def pages(self) -> Path:
        """Copies of the HTML and Markdown artifacts, with names that a browser opens."""
        return self.path / "pages"

    @property
    def servers(self) -> Path:
        """The logs of the emulators."""
        return self.path / "emulators"

    def task(self, name: str) -> Path:
        """Return the folder with a task's log.

        Args:
            name: The task's name.
        """
        return self.path / "tasks" / name

    def log(self, name: str) -> Path:
        """Return the file with a task's output.

        Args:
            name: The task's name.
        """
        return self.task(name) / "log.txt"


def create_run_folder(project: Project, pipeline: str, specification: bytes) -> RunFolder:
    """Create the folder of a new run, and point `.kfpkit/runs/latest` to it.

    Args:
        project: The project.
        pipeline: The pipeline's name.
        specification: The compiled pipeline that runs.

    Returns:
        The folder.

    Raises:
        RunFolderError: It can't be created. Nothing of it is left.
    """
    runs = project.state / "runs"
    with writing(runs):
        files.make_ignored(project.state)
        runs.mkdir(exist_ok=True)
        folder = RunFolder(path=_make_folder(runs, pipeline))
        try:
            folder.specification.write_bytes(specification)
            files.point(runs / "latest", folder.path.name)
        except OSError:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise
    return folder


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn errors of the operating system into an error that names the folder.

    Args:
        folder: The folder to write to.

    Yields:
        Nothing.

    Raises:
        RunFolderError: Something couldn't be written.
    """
    try:
        yield
    except OSError as error:
        raise RunFolderError(folder=folder, cause=error.strerror or str(error)) from error


def _make_folder(runs: Path, pipeline: str) -> Path:
    now = dt.datetime.now(tz=dt.timezone.utc).astimezone()
    # With milliseconds, so that a deleted run's name, by which the cache knows its artifacts, never
    # comes back.
    name = f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}-{pipeline}"
    attempt = 1
    while True:
        path = runs / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            path.mkdir()
        except FileExistsError:
            attempt += 1
        else:
            return path
