"""A job: a run of its pipeline, or a retry of the run that an earlier process began."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.configuration import Configuration, Given, GivenValue, Origin
from kfpkit.errors import KfpkitError, RunsError
from kfpkit.jobs.documented_key import DocumentedKey
from kfpkit.jobs.needed_emulators import list_needed
from kfpkit.local import RunResult, retry_run, run_pipeline
from kfpkit.local.record import RunFolder, Silence, settle_run
from kfpkit.project import Project, find_project
from kfpkit.runs.record import RunState, read_record
from kfpkit.specification import make_artifact

_ENDED = (RunState.SUCCEEDED, RunState.FAILED)


class Notes(Silence):
    """Notes the run of a job, and writes to the job's log.

    Args:
        folder: The job's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._runs = folder / "runs.txt"

    def begin(self, folder: RunFolder) -> None:
        """Note the run.

        Args:
            folder: Its folder.
        """
        with self._runs.open("a", encoding="utf-8") as runs:
            runs.write(f"{folder.path.name}\n")

    def say(self, line: str) -> None:
        """Write a line.

        Args:
            line: The line.
        """
        print(line, flush=True)  # noqa: T201 - to the job's log


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job.

    Args:
        folder: Its folder.
        store: The name of its metadata store.
        parameters: The values of the pipeline's parameters.
        artifacts: The artifacts that the pipeline gets, as KFP describes them.
        fails_fast: Whether no more tasks start after one has failed.
        project: The project.
    """

    folder: Path
    store: str
    parameters: Mapping[str, Any]
    artifacts: Mapping[str, Any]
    fails_fast: bool
    project: Project

    @classmethod
    def read(cls, folder: Path) -> Job:
        """Return the job of a folder.

        Args:
            folder: The folder.
        """
        content = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        return cls(
            folder=folder,
            store=content["store"],
            parameters=content["parameters"],
            # Jobs of an earlier version have neither.
            artifacts=content.get("artifacts", {}),
            fails_fast=content.get("fails_fast", False),
            project=find_project(Path.cwd()),
        )

    @property
    def pipeline(self) -> Path:
        """The compiled pipeline."""
        return self.folder / "pipeline.yaml"

    def find_earlier(self) -> Path | None:
        """Return the folder of the run that an earlier process began, if there is one."""
        try:
            names = (self.folder / "runs.txt").read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return None
        runs = self.project.state / "runs"
        found = [runs / name for name in names if (runs / name).is_dir()]
        return found[-1] if found else None

    def run(self) -> RunResult | None:
        """Run the pipeline, or what an earlier process has left of it. None if nothing is left."""
        rule = DocumentedKey(store=self.store)
        notes = Notes(self.folder)
        earlier = self.find_earlier()
        if earlier is not None:
            settle_run(RunFolder(path=earlier))
            if _is_ended(earlier):
                return None
            return retry_run(
                earlier,
                project=self.project,
                progress=notes,
                rule=rule,
                fails_fast=self.fails_fast,
                artifacts=self._make_artifacts(),
            )
        return run_pipeline(
            self.pipeline,
            configuration=self._collect_given(),
            progress=notes,
            rule=rule,
            fails_fast=self.fails_fast,
        )

    def _collect_given(self) -> Given:
        needed = list_needed(self.pipeline, self.project)
        values = tuple(
            GivenValue(name=name, value=value, origin=Origin())
            for name, value in self.parameters.items()
        )
        return Given(
            settings=Configuration(emulators=needed),
            values=values,
            artifacts=self._make_artifacts(),
        )

    def _make_artifacts(self) -> dict[str, Any]:
        return {name: make_artifact(each) for name, each in self.artifacts.items()}


def run_job(folder: Path) -> bool:
    """Run a job, and return whether its pipeline could run at all.

    Args:
        folder: The job's folder.
    """
    try:
        Job.read(folder).run()
    except KfpkitError as error:
        (folder / "failure.txt").write_text(str(error), encoding="utf-8")
        return False
    return True


def _is_ended(folder: Path) -> bool:
    try:
        return read_record(folder).state in _ENDED
    except RunsError:
        return False
