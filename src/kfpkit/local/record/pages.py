"""Reports (HTML and Markdown artifacts) as files for a browser.

KFP names the file of an artifact after its output, without a suffix, and a browser shows the source
of such a file. A link with a suffix doesn't help, because browsers resolve it first. So each report
is copied. The copy also stays if the artifact is from the cache and its run is deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.run_folder import RunFolder, writing
from kfpkit.specification import artifacts_in, local_path, report_suffix

Pages = Mapping[str, Mapping[str, Path]]
"""The pages of a run, by task and by output."""


def write_pages(folder: RunFolder, tasks: Iterable[TaskRecord]) -> Pages:
    """Copy the reports of all tasks, including cached and failed ones, to the run's `pages`.

    Args:
        folder: The run's folder.
        tasks: The tasks.

    Returns:
        The pages, by task and output.

    Raises:
        RunFolderError: A page can't be written.
    """
    pages: dict[str, dict[str, Path]] = {}
    with writing(folder.pages):
        for task in tasks:
            for output, artifact in _find_reports(task):
                folder.pages.mkdir(exist_ok=True)
                page = _find_free_name(folder.pages, task.name, output, report_suffix(artifact))
                shutil.copyfile(local_path(artifact) or "", page)
                pages.setdefault(task.name, {})[output] = page
    return pages


def _find_reports(task: TaskRecord) -> Iterator[tuple[str, Any]]:
    for output, value in sorted({**task.outputs, **task.reports}.items()):
        for artifact in artifacts_in(value)[:1]:
            if report_suffix(artifact):
                yield output, artifact


def _find_free_name(folder: Path, task: str, output: str, suffix: str) -> Path:
    """Return the name of a page from its task and output, numbered if it is taken."""
    stem = f"{task.replace('/', '-')}-{output}"
    number = 1
    while (page := folder / f"{stem}{'' if number == 1 else f'-{number}'}{suffix}").exists():
        number += 1
    return page
