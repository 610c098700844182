"""Submit pipelines in one call, and wait for their runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kfpkit.project import Project, find_project
from kfpkit.targets.submission.planning import Submission, Wanted, plan_submission
from kfpkit.targets.submission.sending import SubmittedRun, send_submission
from kfpkit.targets.vertex.service import Connection, connect
from kfpkit.targets.vertex.watching import (
    Rhythm,
    RunProgress,
    SilentWatcher,
    Watcher,
    watch_runs,
)


def submit(
    wanted: Wanted, *, project: Project | None = None, connection: Connection | None = None
) -> list[SubmittedRun]:
    """Submit pipelines to a target: check, compile with images by digest, create the runs.

        from kfpkit.targets import Wanted, submit, wait

        runs = submit(Wanted(pipelines=(Path("pipelines/training"),), target="dev"))
        [ended] = wait(runs)

    Everything is checked before anything is sent. A request whose answer is lost doesn't start a
    second run, and neither does a repeated call with the same `run`.

    Args:
        wanted: What is to be submitted.
        project: The project that has the target. By default, that of the working folder.
        connection: A connection to the target's services. By default, one with the application
            default credentials.

    Returns:
        The runs, in the order of the pipelines.

    Raises:
        SubmissionRefusedError: There are several faults.
        KfpkitError: There is one fault.
        RequestError: A request was refused, or not answered.
    """
    submission = plan_submission(wanted, project or find_project(Path.cwd()))
    return send_planned(submission, connection)


def send_planned(
    submission: Submission, connection: Connection | None = None
) -> list[SubmittedRun]:
    """Send what `plan_submission` has checked.

    Args:
        submission: What was planned.
        connection: A connection to the target's services.

    Raises:
        RequestError: A request was refused, or not answered.
    """
    return list(send_submission(submission, connection or connect(submission.target)))


def wait(
    runs: Sequence[SubmittedRun],
    *,
    watcher: Watcher | None = None,
    rhythm: Rhythm | None = None,
    seconds: float | None = None,
) -> list[RunProgress]:
    """Wait until runs have ended, or the time is over.

    Args:
        runs: The runs of one submission.
        watcher: What is called with their progress.
        rhythm: How often they are asked for.
        seconds: The longest time to wait. By default, without a limit.

    Returns:
        How far each run has come. Its state is final unless the time is over.

    Raises:
        RequestError: A request was refused for a reason that doesn't pass.
    """
    if not runs:
        return []
    return watch_runs(
        runs[0].connection,
        [run.name for run in runs],
        watcher or SilentWatcher(),
        replace(rhythm or Rhythm(), limit=seconds),
    )
