"""Arguments that several verbs of `kfpkit runs` share, and what they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kfpkit.runs.history import LocalRuns
    from kfpkit.runs.record import RunRecord
    from kfpkit.targets.runs import RunAddress


def complete_run(incomplete: str) -> list[str]:
    """Return the runs that complete a word.

    Args:
        incomplete: The part of the word typed so far.
    """
    from kfpkit.errors import KfpkitError

    try:
        names = _find_runs().list_names()
    except (KfpkitError, OSError):
        return []  # the command itself reports it
    return [name for name in ["latest", *names] if name.startswith(incomplete)]


OneRun = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="`latest`, `latest~1` (the run before that), the start of a run's name, or a path. "
        "`NAME:RUN` is a run of the target NAME, such as `dev:latest`.",
        autocompletion=complete_run,
    ),
]


def open_runs() -> LocalRuns:
    """Return the runs of the project in the working directory.

    Runs whose process was killed are recorded and reported as such first.
    """
    runs = _find_runs()
    # Most projects have no run in progress, and the import takes longer than a list.
    if any((runs.project.state / "runs").glob("*/running.lock")):
        from kfpkit.cli import output
        from kfpkit.kfp_imports import import_without_client

        import_without_client()
        from kfpkit.local.record import describe_broken, settle_broken_runs

        for folder in settle_broken_runs(runs.project):
            output.report_progress(describe_broken(folder))
    return runs


def read_run(run: str) -> tuple[Path, RunRecord]:
    """Return the folder and the record of a run. A run of a target is fetched first.

    Args:
        run: The run, as a user names it.
    """
    from kfpkit.runs.record import read_record

    address = read_address(run)
    folder = open_runs().find(run) if address is None else _fetch(address)
    return folder, read_record(folder)


def read_address(run: str) -> RunAddress | None:
    """Return the address of a run of a target. None for a run on this machine.

    Args:
        run: The run, as a user names it.
    """
    if ":" not in run or Path(run).exists():
        return None
    from kfpkit.kfp_imports import import_without_client

    import_without_client()
    from kfpkit.targets.runs import parse_address

    return parse_address(run)


def _fetch(address: RunAddress) -> Path:
    from kfpkit.cli import output
    from kfpkit.project import find_project
    from kfpkit.targets.runs import fetch_run, opening_runs

    project = find_project(Path.cwd())
    with opening_runs(project, address.target, output.report_progress) as runs:
        return fetch_run(runs, address.run, project, output.report_progress)


def _find_runs() -> LocalRuns:
    from kfpkit.project import find_project
    from kfpkit.runs.history import LocalRuns

    return LocalRuns(project=find_project(Path.cwd()))
