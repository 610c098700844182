"""HTML artifacts under names that a browser opens: KFP gives them no `.html`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kfpkit.local.artifacts import artifacts_in, is_page
from kfpkit.local.journal import TaskRecord
from kfpkit.local.result import RunResult
from kfpkit.local.run_folder import writing


def page(result: RunResult, task: TaskRecord, name: str) -> Path:
    """Return where the page of a task's output stands.

    Args:
        result: The run.
        task: The task.
        name: The output's name.
    """
    return result.folder.pages / f"{task.name.replace('/', '-')}-{name}.html"


def link_pages(result: RunResult) -> None:
    """Link every HTML artifact of a run, cached ones too, from the run's folder of pages.

    Args:
        result: The run.

    Raises:
        RunFolderError: The folder cannot be written.
    """
    with writing(result.folder.path):
        for link, target in _links(result):
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(os.path.relpath(target, link.parent))


def _links(result: RunResult) -> Iterator[tuple[Path, str]]:
    for task in result.tasks:
        for name, value in task.outputs.items():
            for artifact in artifacts_in(value):
                if is_page(artifact):
                    yield page(result, task, name), artifact.uri
