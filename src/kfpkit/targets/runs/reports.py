"""The reports of a run of a target, as files that its page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kfpkit.files import replace
from kfpkit.listeners import Listener
from kfpkit.runs.pages import REPORT, REPORTS
from kfpkit.runs.record import Artifact, State, Task
from kfpkit.targets.runs.target_runs import ArtifactContent, TargetRuns

_SUFFIXES = {"system.HTML": ".html", "system.Markdown": ".md"}
_ENDED_WELL = frozenset({State.SUCCEEDED, State.CACHED})


class Reports:
    """Reads the HTML and Markdown artifacts of a run, and writes them to its `pages`.

    Args:
        runs: The target's runs.
        folder: The run's folder.
        report: Called with a line for each report that can't be read.
    """

    def __init__(self, runs: TargetRuns, folder: Path, report: Listener) -> None:
        self._runs = runs
        self._folder = folder
        self._report = report
        self._left = REPORTS
        self._names: set[str] = set()

    def keep(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """Return the tasks with their pages, and with the reports that couldn't be read.

        Args:
            tasks: The tasks as the target tells them.

        Raises:
            OSError: A page can't be written.
        """
        return tuple(self._keep(task) for task in tasks)

    def _keep(self, task: Task) -> Task:
        pages: dict[str, str] = {}
        unread: dict[str, str] = {}
        for output, artifact in _list_reports(task):
            found = self._read(artifact.uri or "")
            if found.cause:
                unread[output] = found.cause
                self._report(
                    f"The page lacks the report `{output}` of the task `{task.name}`, "
                    f"{artifact.uri}: {found.cause}."
                )
            elif found.content:  # an empty file is no report on this machine, either
                self._left -= len(found.content)
                suffix = _SUFFIXES[artifact.type or ""]
                pages[output] = self._write(f"{task.name}-{output}", suffix, found.content)
        return task.model_copy(update={"pages": pages, "unread_reports": unread})

    def _read(self, uri: str) -> ArtifactContent:
        most = min(REPORT, self._left)
        if not most:
            return ArtifactContent(cause=f"all reports of a page may have {REPORTS} bytes together")
        return self._runs.read_artifact(uri, most)

    def _write(self, stem: str, suffix: str, content: bytes) -> str:
        # The names come from the service, and must not lead out of the folder.
        plain = re.sub(r"[^\w.-]+", "-", stem).lstrip(".")
        name, number = f"{plain}{suffix}", 1
        while name in self._names:
            number += 1
            name = f"{plain}-{number}{suffix}"
        self._names.add(name)
        replace(self._folder / "pages" / name, content)
        return f"pages/{name}"


def _list_reports(task: Task) -> Iterator[tuple[str, Artifact]]:
    """Yield the reports of a task that has ended well, by output."""
    if task.state not in _ENDED_WELL:
        return
    for output, value in sorted(task.outputs.items()):
        artifact = value.artifact or next(iter(value.artifacts or ()), None)
        if artifact is not None and artifact.type in _SUFFIXES and artifact.uri:
            yield output, artifact
