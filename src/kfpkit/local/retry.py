"""Retrying a run: a new run that continues from the tasks of an earlier one that succeeded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kfpkit.configuration import resolve_configuration
from kfpkit.local.earlier_run import EarlierRun
from kfpkit.local.launching import Launcher
from kfpkit.local.planning import Plan
from kfpkit.local.record import Progress, Request, RunFolder, RunResult, settle_run
from kfpkit.local.started_run import start_run
from kfpkit.local.tasks import CacheRule
from kfpkit.project import Project
from kfpkit.runs.record import read_record
from kfpkit.specification import read_specification


def retry_run(  # noqa: PLR0913 - named, and all but two may be left out
    folder: Path,
    *,
    project: Project,
    again: Collection[str] = (),
    launcher: Launcher | None = None,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
    rule: CacheRule | None = None,
    fails_fast: bool = False,
    artifacts: Mapping[str, Any] | None = None,
) -> RunResult:
    """Run the compiled pipeline of an earlier run again, with its parameters and configuration.

    Tasks that succeeded are taken from the earlier run if their inputs, their environment variables
    and the files that they wrote are the same, whether or not the cache has them. Conditions are
    evaluated and loops are unrolled again, and what runs after failures, such as an exit handler,
    always runs. The earlier run stays as it is.

    Args:
        folder: The folder of the earlier run.
        project: The project.
        again: The tasks that run again although they have succeeded.
        launcher: Runs the tasks; see `run_pipeline`.
        progress: Shows the run while it goes on.
        command: The command line, for the record of the run.
        rule: The rule of the execution cache. By default, this machine's own.
        fails_fast: Whether no more tasks start after one has failed, except for those that run
            however the rest has ended. By default, a failure stops only its dependents.
        artifacts: The artifacts that the earlier run was given, which its record doesn't hold.

    Returns:
        How it went.

    Raises:
        ConfigError: The configuration has faults, such as a credential.
        RunsError: The earlier run cannot be retried.
        EnvironmentsError: An environment is missing, stale or cannot be made.
        LocalRunError: The run cannot start, or its folder cannot be made.
    """
    earlier_folder = RunFolder(path=folder)
    settle_run(earlier_folder)
    earlier = EarlierRun(folder=earlier_folder, record=read_record(folder), again=again)
    earlier.check()
    file = earlier.find_configuration(project)
    given = replace(earlier.collect_given(file), artifacts=artifacts or {})
    specification = read_specification(
        earlier_folder.specification, containers=given.settings.containers
    )
    plan = Plan(
        project=project,
        specification=specification,
        effective=resolve_configuration(given, specification.spec, project=project),
        request=None if command is None else Request(command=tuple(command), configuration=file),
        earlier=earlier,
        rule=rule,
        fails_fast=fails_fast,
    )
    return start_run(plan, launcher=launcher, progress=progress)
