"""Submit pipelines in one call, and wait for their runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from kfpkit.project import Project, find_project
from kfpkit.targets.kubeflow import read_progress
from kfpkit.targets.kubeflow.service import KubeflowConnection, fetch_run
from kfpkit.targets.submission.connecting import AnyConnection, connecting
from kfpkit.targets.submission.planning import Wanted, plan_submission
from kfpkit.targets.submission.sending import SubmittedRun, associate_runs, send_submission
from kfpkit.targets.target import Target
from kfpkit.targets.vertex.watching import fetch_progress
from kfpkit.targets.watching import (
    Rhythm,
    RunProgress,
    SilentWatcher,
    Watcher,
    choose_rhythm,
    watch_runs,
)

logger = logging.getLogger(__name__)


def submit(
    wanted: Wanted, *, project: Project | None = None, connection: AnyConnection | None = None
) -> list[SubmittedRun]:
    """Submit pipelines to a target: check, compile with images by digest, create the runs.

        from kfpkit.targets import Wanted, submit, wait

        runs = submit(Wanted(pipelines=(Path("pipelines/training"),), target="dev"))
        [ended] = wait(runs)

    Everything is checked before anything is sent. A request whose answer is lost doesn't start a
    second run, and neither does a repeated call with the same `run`. If a run can't be added to its
    experiment, a warning is logged.

    Args:
        wanted: What is to be submitted.
        project: The project that has the target. By default, that of the working folder.
        connection: A connection to the target's services, of `connecting`. By default, one of its
            own.

    Returns:
        The runs, in the order of the pipelines.

    Raises:
        SubmissionRefusedError: There are several faults.
        KfpkitError: There is one fault.
        RequestError: A request was refused, or not answered.
    """
    own = project or find_project(Path.cwd())
    submission = plan_submission(wanted, own)
    with _using(connection, submission.target, own) as found:
        runs = list(send_submission(submission, found))
        for fault in associate_runs(runs, found):
            logger.warning("%s", fault)
        return runs


def wait(
    runs: Sequence[SubmittedRun],
    *,
    watcher: Watcher | None = None,
    rhythm: Rhythm | None = None,
    connection: AnyConnection | None = None,
) -> list[RunProgress]:
    """Wait until runs have ended, or the time is over.

    Args:
        runs: The runs of one submission.
        watcher: What is called with their progress.
        rhythm: How often they are asked for, and the longest time to wait. By default, without a
            limit.
        connection: A connection to the target's services.

    Returns:
        How far each run has come. Its state is final unless the time is over.

    Raises:
        RequestError: A request was refused for a reason that doesn't pass.
    """
    if not runs:
        return []
    target = runs[0].planned.target
    with _using(connection, target, runs[0].project) as found:
        names = [run.name for run in runs]
        return watch_runs(
            lambda name: _ask(found, name),
            names,
            watcher or SilentWatcher(),
            rhythm or choose_rhythm(target.kind),
        )


def _ask(connection: AnyConnection, name: str) -> RunProgress:
    if isinstance(connection, KubeflowConnection):
        brief = replace(connection, patience=connection.patience.brief)
        return read_progress(fetch_run(brief, name))
    return fetch_progress(connection, name)


def _using(
    connection: AnyConnection | None, target: Target, project: Project
) -> AbstractContextManager[AnyConnection]:
    return connecting(target, project) if connection is None else nullcontext(connection)
