"""Runs of targets as folders on this machine."""

from __future__ import annotations

import re
from pathlib import Path

from kfpkit.errors import MissingLogError, RequestError, RunFolderError, StrayRunError
from kfpkit.files import replace
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.runs.pages import write_page
from kfpkit.runs.record import Log, RunRecord, State, Task, write_record
from kfpkit.targets.runs.reports import Reports
from kfpkit.targets.runs.target_runs import TargetRun, TargetRuns

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_TAIL = 200  # lines of the log of a task that failed


def make_folder(project: Project, target: str, run: str) -> Path:
    """Return the folder for a run of a target. It need not exist.

    Args:
        project: The project.
        target: The target's name.
        run: The run's id, as the service reports it.

    Raises:
        StrayRunError: A name would lead to another folder.
    """
    if _PLAIN.fullmatch(target) is None or _PLAIN.fullmatch(run) is None:
        raise StrayRunError(target=target, run=run)
    return project.state / "targets" / target / "runs" / run


def fetch_run(runs: TargetRuns, wanted: str, project: Project, report: Listener = ignore) -> Path:
    """Fetch a run, and write what runs on this machine leave: record, pipeline, logs and page.

    Only the ends of the logs of tasks that failed are fetched. Reports are HTML and Markdown
    artifacts, as many as fit into a page.

    Args:
        runs: The target's runs.
        wanted: The run's id, the beginning of it, or `latest`.
        project: The project that gets the folder.
        report: Called with a line for each report that can't be read.

    Returns:
        The folder.

    Raises:
        RunsError: There is no such run, or it can't be written.
        TargetsError: The target refuses a request, or doesn't answer.
    """
    found = runs.fetch(runs.find(wanted))
    target = found.record.target
    folder = make_folder(project, target.name if target else "", found.record.id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(found, folder, runs, report)
    except OSError as error:
        raise RunFolderError(folder=folder, cause=error.strerror or str(error)) from error


def _write(found: TargetRun, folder: Path, runs: TargetRuns, report: Listener) -> Path:
    replace(folder / "pipeline.yaml", found.pipeline.encode())
    logged = [_keep_log(task, found.record, folder, runs) for task in found.record.tasks]
    tasks = Reports(runs, folder, report).keep(logged)
    record = found.record.model_copy(update={"tasks": tasks})
    write_record(record, folder)
    write_page(record, folder)
    return folder


def _keep_log(task: Task, record: RunRecord, folder: Path, runs: TargetRuns) -> Task:
    """Write the end of the log of a task that failed. A log that can't be read is left out."""
    if task.state is not State.FAILED:
        return task
    path = Path("tasks") / task.name / "log.txt"
    # A name that the service tells must not lead out of the folder.
    if path.is_absolute() or ".." in path.parts:
        return task
    try:
        lines = list(runs.read_log(record.id, task.name, lines=_TAIL))
    except (MissingLogError, RequestError):
        return task
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    content = "".join(f"{line}\n" for line in lines).encode()
    (folder / path).write_bytes(content)
    return task.model_copy(update={"log": Log(path=path.as_posix())})
