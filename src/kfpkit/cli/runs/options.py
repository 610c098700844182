"""Arguments that several verbs of `kfpkit runs` share, and what they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kfpkit.runs.history import LocalRuns


def complete_run(incomplete: str) -> list[str]:
    """Return the runs that complete a word.

    Args:
        incomplete: The part of the word typed so far.
    """
    from kfpkit.errors import KfpkitError

    try:
        names = open_runs().list_names()
    except (KfpkitError, OSError):
        return []  # the command itself reports it
    return [name for name in ["latest", *names] if name.startswith(incomplete)]


OneRun = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="`latest`, `latest~1` for the run before it, the beginning of a name, or a path.",
        autocompletion=complete_run,
    ),
]


def open_runs() -> LocalRuns:
    """Return the runs of the project in the working directory.

    Runs whose process was killed are recorded as such first.
    """
    from kfpkit.config import find_project
    from kfpkit.runs.history import LocalRuns

    return LocalRuns(project=find_project(Path.cwd()))
