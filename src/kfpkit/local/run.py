"""Running a pipeline on this machine, from its file to its result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kfpkit.configuration import Configuration, Given, adopt_given
from kfpkit.local.launching import Launcher
from kfpkit.local.planning import Plan, specify
from kfpkit.local.record import Progress, Request, RunResult
from kfpkit.local.started_run import start_run
from kfpkit.local.tasks import CacheRule
from kfpkit.project import find_project


def run_pipeline(  # noqa: PLR0913 - named, and all but one may be left out
    pipeline: Path,
    *,
    name: str | None = None,
    configuration: Configuration | Given | None = None,
    parameters: Mapping[str, str] | None = None,
    launcher: Launcher | None = None,
    progress: Progress | None = None,
    request: Request | None = None,
    rule: CacheRule | None = None,
    fails_fast: bool = False,
) -> RunResult:
    """Run a pipeline on this machine.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, where a Python file defines several.
        configuration: How to run it: a configuration, or what `collect_given` has read.
        parameters: Parameters as text, by name, which win over those of the configuration.
        launcher: Runs the tasks, in this run alone; by default in the virtual environments of
            their images' environments, or in containers where the configuration asks for them.
        progress: Shows the run while it goes on.
        request: What the user asked for on the command line, for the run's record.
        rule: The rule of the execution cache. By default, this machine's own.
        fails_fast: Whether no more tasks start after one has failed, except for those that run
            however the rest has ended. By default, a failure stops only its dependents.

    Returns:
        How it went. Tasks that fail raise nothing: dependents are not started, others go on.

    Raises:
        LoadError: The pipeline cannot be loaded.
        BundleError: A component cannot ship.
        ConfigError: The configuration has faults.
        EnvironmentsError: An environment is missing, stale or cannot be made.
        LocalRunError: The run cannot start, or its folder cannot be written.
    """
    project = find_project(pipeline)
    given = adopt_given(configuration, parameters)
    specification, effective = specify(pipeline, name, given, project)
    plan = Plan(
        project=project,
        specification=specification,
        effective=effective,
        request=request,
        rule=rule,
        fails_fast=fails_fast,
    )
    return start_run(plan, launcher=launcher, progress=progress)
