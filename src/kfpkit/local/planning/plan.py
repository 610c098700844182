"""What is to run, before anything is written: a new run, or a retry of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kfpkit.configuration import Configuration, EffectiveConfiguration
from kfpkit.local.earlier_run import EarlierRun
from kfpkit.local.record import Request, RunFolder, Start
from kfpkit.local.tasks import CacheRule
from kfpkit.project import Project
from kfpkit.runs.record import Settings
from kfpkit.specification import Specification
from kfpkit.specification.execution import Job


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to run.

    Args:
        project: The project.
        specification: The compiled pipeline.
        effective: The configuration, with the values of its parameters.
        request: What the user asked for on the command line, if a user did.
        earlier: The run that it continues from, if it is a retry.
        rule: The rule of the execution cache. By default, this machine's own.
        fails_fast: Whether no more tasks start after one has failed.
    """

    project: Project
    specification: Specification
    effective: EffectiveConfiguration
    request: Request | None = None
    earlier: EarlierRun | None = None
    rule: CacheRule | None = None
    fails_fast: bool = False

    @property
    def settings(self) -> Configuration:
        """How to run it."""
        return self.effective.given.settings

    def make_job(self, folder: RunFolder) -> Job:
        """Return the run as its tasks see it; a retry has the name and id of the first run.

        Args:
            folder: The folder of the run.
        """
        root, workspace = folder.artifacts, folder.workspace
        if self.earlier is None:
            return Job.create(folder.path.name, root=root, workspace=workspace)
        return self.earlier.make_job(root=root, workspace=workspace)

    def make_start(self, folder: RunFolder, job: Job, **facts: Any) -> Start:
        """Return what is known of the run when it starts.

        Args:
            folder: The folder of the run.
            job: The run as its tasks see it.
            **facts: What its launcher knows.
        """
        return Start(
            root=self.project.root,
            name=folder.path.name,
            job=job,
            specification=self.specification,
            parameters=self.effective.parameters,
            origins=self.effective.origins,
            settings=_describe_settings(self.settings),
            containers=self.settings.containers,
            request=self.request,
            retry=None if self.earlier is None else self.earlier.describe(),
            **facts,
        )


def _describe_settings(settings: Configuration) -> Settings:
    return Settings(
        caching=settings.caching,
        emulators=settings.emulators,
        max_parallel=settings.max_parallel,
        task_timeout=settings.task_timeout,
        variables=tuple(sorted(settings.environment_variables)),
    )
