"""`kfpkit runs retry`: a new run that reuses the tasks of a run that succeeded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli.options import AsJson, OpenPage
from kfpkit.cli.runs.options import OneRun, open_runs, read_address
from kfpkit.kfp_imports import import_without_client

if TYPE_CHECKING:
    from kfpkit.project import Project
    from kfpkit.targets.runs import RunAddress


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

    A run on a Kubeflow server goes on as the same run; the server runs the tasks again that haven't
    succeeded. Runs of Vertex AI can't be retried.
    """
    import_without_client()
    from kfpkit.cli import output
    from kfpkit.cli.terminal import outcome
    from kfpkit.local import retry_run
    from kfpkit.runs.history import find_task

    address = read_address(run)
    if address is not None:
        _retry_there(address, tasks=tasks, opens=open_page, as_json=as_json)
        return
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


def _retry_there(
    address: RunAddress, *, tasks: list[str] | None, opens: bool, as_json: bool
) -> None:
    """Retry a run of a target, which decides what runs again."""
    from kfpkit.cli import output
    from kfpkit.project import find_project
    from kfpkit.targets.runs import opening_runs

    if tasks:
        text = "A target runs those tasks again that haven't succeeded. Leave out their names."
        raise typer.BadParameter(text, param_hint="TASK")
    if opens:
        text = "It is for runs on this machine. `kfpkit runs show --page` writes the page."
        raise typer.BadParameter(text, param_hint="--open")
    with opening_runs(find_project(Path.cwd()), address.target, output.report_progress) as runs:
        run = runs.find(address.run)
        facts = {"run": f"{address.target}:{run}", "state": runs.retry(run)}
    typer.echo(json.dumps(facts, indent=2) if as_json else f"{facts['run']}: {facts['state']}")


def _choose_project(folder: Path, here: Project) -> Project:
    """Return the project that a run belongs to; for a folder that was moved, that of the user."""
    from kfpkit.project import find_project

    owner = find_project(folder)
    return owner if folder.parent == owner.state / "runs" else here
