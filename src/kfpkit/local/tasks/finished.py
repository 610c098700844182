"""The outputs of a run's tasks, kept in the run's folder for a retry.

A retry takes a task from here even if the cache doesn't have it. The task must have the same name
and the same key, which covers everything that decides its outputs. Paths are relative to the run's
folder, so you can move the folder. The shared workspace has no path, because a retry has its own
copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.local.tasks.entry import Entry, map_texts
from kfpkit.specification.execution import serialize_outputs

# No path and no environment variable has a NUL.
_WORKSPACE = "\0workspace"
_HERE = "\0here/"


@dataclass(frozen=True, kw_only=True)
class FinishedTasks:
    """The tasks of a run that have succeeded, in a small JSON file for each.

    Args:
        folder: The run's folder.
        workspace: The shared workspace of the current run.
        attempted: The tasks that the run has started, or was to start, whatever earlier runs have.
    """

    folder: Path
    workspace: Path
    attempted: Collection[str] = ()

    def get(self, task: str, key: str) -> Entry | None:
        """Return the outputs of a task. None if they are missing or one of their files has changed.

        Args:
            task: The task's name.
            key: Its key, with strings from `place`.
        """
        try:
            content = json.loads(self._file(task).read_text(encoding="utf-8"))
            entry = Entry.restore(content, self._restore) if content["key"] == key else None
            return entry if entry is not None and entry.is_unchanged() else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # missing or damaged
            return None

    def has_reached(self, task: str) -> bool:
        """Return whether the run has come to a task, so that an earlier one says no more of it.

        Args:
            task: The task's name.
        """
        return task in self.attempted or self._file(task).is_file()

    def put(self, task: str, key: str, entry: Entry) -> None:
        """Write the outputs of a task. If there is no space for them, a retry runs the task again.

        Args:
            task: The task's name.
            key: Its key, with strings from `place`.
            entry: Its outputs.
        """
        content = json.dumps({"key": key, **entry.serialize(self._place)})
        file = self._file(task)
        # Nobody reads it before the run has ended, and what a killed run has begun is no JSON.
        with contextlib.suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, encoding="utf-8")

    def place(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return values for a key, without what changes when the run's folder is moved.

        Args:
            values: Parameters and artifacts by name.
        """
        placed: dict[str, Any] = map_texts(serialize_outputs(values), self._place)
        return placed

    def _place(self, text: str) -> str:
        text = text.replace(str(self.workspace), _WORKSPACE)
        # Elsewhere, what is beside the folder has nothing to do with it.
        is_among_runs = self.folder.parent.name == "runs"
        moving = self.folder.parent if is_among_runs else self.folder
        inside = text.startswith(f"{moving}/")
        return f"{_HERE}{os.path.relpath(text, self.folder)}" if inside else text

    def _restore(self, text: str) -> str:
        if text.startswith(_HERE):
            return os.path.normpath(self.folder / text.removeprefix(_HERE))
        return text.replace(_WORKSPACE, str(self.workspace))

    def _file(self, task: str) -> Path:
        # The name of a task may be longer than that of a file.
        name = hashlib.sha256(task.encode()).hexdigest()[:32]
        return self.folder / "finished" / f"{name}.json"
