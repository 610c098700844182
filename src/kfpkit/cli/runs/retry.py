"""`kfpkit runs retry`: a new run that reuses the tasks of a run that succeeded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kfpkit.cli.options import AsJson, OpenPage
from kfpkit.cli.runs.options import OneRun, open_runs, read_address
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from pathlib import Path

    from kfpkit.project import Project


def retry_command(
    run: OneRun,
    tasks: Annotated[
        list[str] | None,
        typer.Argument(metavar="TASK", help="Tasks to run again even if they succeeded."),
    ] = None,
    open_page: OpenPage = False,
    as_json: AsJson = False,
) -> None:
    """Retry a failed, stopped or killed run from where it ended.

    The retry is a new run with the same compiled pipeline, parameters and configuration. It reuses
    the tasks that succeeded, even if caching is off, and evaluates conditions and loops again.
    Exit handlers run again.
    """
    import_without_client()
    from kfpkit.cli import output
    from kfpkit.cli.terminal import outcome
    from kfpkit.local import retry_run
    from kfpkit.runs.history import find_task

    if read_address(run) is not None:
        _refuse_target(run)
    source = open_runs()
    folder = source.find(run)
    record = source.read(folder)
    project = _choose_project(folder, source.project)
    with output.diverted(as_json):
        result = retry_run(
            folder,
            project=project,
            again={find_task(record, task).name for task in tasks or ()},
            progress=outcome.choose_progress(),
            command=("kfpkit", *sys.argv[1:]),
        )
        outcome.show_result(result, project)
    outcome.end(result, opens=open_page, as_json=as_json)


def _refuse_target(run: str) -> NoReturn:
    from kfpkit.errors import UnretryableRunError

    raise UnretryableRunError(
        run=run,
        cause="only a preview of Vertex AI's API retries from the failed task",
        remedy="Submit the pipeline again; its cache has the tasks that succeeded",
    )


def _choose_project(folder: Path, here: Project) -> Project:
    """Return the project that a run belongs to; for a folder that was moved, that of the user."""
    from kfpkit.project import find_project

    owner = find_project(folder)
    return owner if folder.parent == owner.state / "runs" else here
