"""The forecast of a run on this machine."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from pathlib import Path

from kfpkit.configuration import Configuration, Given, adopt_given
from kfpkit.emulators import find_emulators, name_variables, read_identity
from kfpkit.forecasts.graph import Forecast, forecast_tasks, invented_job
from kfpkit.forecasts.local.target import LocalTarget
from kfpkit.local.launching import Launcher, launcher_for
from kfpkit.local.planning import Plan, specify
from kfpkit.local.tasks import KeyMaker, TaskCache
from kfpkit.project import find_project
from kfpkit.runs.outline import describe_components
from kfpkit.specification.execution import Job


def forecast_run(
    pipeline: Path,
    *,
    name: str | None = None,
    configuration: Configuration | Given | None = None,
    parameters: Mapping[str, str] | None = None,
    launcher: Launcher | None = None,
) -> Forecast:
    """Forecast which tasks of a run on this machine will be taken from the cache.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, if a Python file defines more than one.
        configuration: The configuration of the run.
        parameters: Parameters as strings, by name. They override those of the configuration.
        launcher: What would run the tasks. By default, what the configuration asks for.

    Raises:
        LoadError: The pipeline can't be loaded.
        BundleError: A component can't ship.
        ConfigError: The configuration has faults.
        EnvironmentsError: An environment is missing or stale.
        LocalRunError: The run couldn't start.
    """
    project = find_project(pipeline)
    given = adopt_given(configuration, parameters)
    specification, effective = specify(pipeline, name, given, project)
    plan = Plan(project=project, specification=specification, effective=effective)
    own = launcher_for(project, containers=plan.settings.containers)
    with own if launcher is None else contextlib.nullcontext(launcher) as runs_here:
        runs_here.check(specification.images)
        return forecast_planned(plan, runs_here)


def forecast_planned(plan: Plan, launcher: Launcher) -> Forecast:
    """Forecast a run that is planned.

    Args:
        plan: What would run.
        launcher: What would run the tasks. It has checked the images.
    """
    specification = plan.specification
    with invented_job() as job:
        target = make_target(plan, launcher, job)
        tasks = forecast_tasks(specification.spec, plan.effective.arguments, target=target, job=job)
    return Forecast(
        pipeline=specification.name,
        target="local",
        tasks=tasks,
        successes=len(target.successes.keys),
    )


def make_target(plan: Plan, launcher: Launcher, job: Job) -> LocalTarget:
    """Return what is known of this machine for a forecast.

    Args:
        plan: What would run.
        launcher: What would run the tasks.
        job: A run that doesn't exist.
    """
    cache = TaskCache(folder=plan.project.state / "cache")
    return LocalTarget(
        keys=_make_keys(plan, launcher, job),
        executors=plan.specification.executors,
        job=job,
        pipeline=plan.specification.name,
        cache=cache if plan.settings.caching else None,
        successes=cache.successes,
    )


def _make_keys(plan: Plan, launcher: Launcher, job: Job) -> KeyMaker:
    specification, settings = plan.specification, plan.settings
    names: list[str] = []
    data = ""
    if settings.emulators:
        find_emulators(plan.project)
        names = name_variables(settings.emulators)
        # Without data, the run's own will be new.
        data = read_identity(plan.project) or secrets.token_hex(8)
    return KeyMaker(
        launcher=launcher,
        configuration=settings.environment_variables,
        emulators=names,
        emulator_data=data,
        components=describe_components(
            specification.spec.components, specification.executors, launcher.name
        ),
        artifacts=job.root,
        root=plan.project.root,
        pipeline=specification.name,
    )
