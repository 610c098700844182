"""The outputs of a task, in a form that files keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.local.tasks.fingerprint import is_unchanged, take_fingerprint
from kfpkit.specification import artifacts_in, local_path
from kfpkit.specification.execution import restore_output, serialize_outputs


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The outputs of a task.

    Args:
        outputs: Parameters and artifacts by name.
        files: The fingerprints of its artifacts' files when it ended, by path.
        run: The ID of the task's run. None if it isn't known.
        task: The task's name in that run.
    """

    outputs: Mapping[str, Any]
    files: Mapping[str, Mapping[str, str]]
    run: str | None = None
    task: str | None = None

    @classmethod
    def take(cls, outputs: Mapping[str, Any], *, run: str, task: str) -> Entry:
        """Return the outputs of a task that has just ended.

        Args:
            outputs: Its parameters and artifacts by name.
            run: The ID of its run.
            task: Its name in that run.

        Raises:
            OSError: One of its files can't be read.
        """
        artifacts = [artifact for value in outputs.values() for artifact in artifacts_in(value)]
        paths = [path for path in map(local_path, artifacts) if path is not None]
        files = {str(path): take_fingerprint(path) for path in paths if path.exists()}
        return cls(outputs=outputs, files=files, run=run, task=task)

    def is_unchanged(self) -> bool:
        """Return whether its files are unchanged.

        Raises:
            OSError: One of them can't be read.
        """
        return all(is_unchanged(Path(file), held) for file, held in self.files.items())

    def serialize(self, move: Callable[[str], str] = str) -> dict[str, Any]:
        """Return the entry as JSON values.

        Args:
            move: Returns a string, such as a path, in the form for the file.
        """
        return {
            "outputs": map_texts(serialize_outputs(self.outputs), move),
            "files": {move(file): held for file, held in self.files.items()},
            "run": self.run,
            "task": self.task,
        }

    @classmethod
    def restore(cls, content: Mapping[str, Any], move: Callable[[str], str] = str) -> Entry:
        """Return the entry from what `serialize` returned.

        Args:
            content: The JSON values.
            move: Reverses the `move` of `serialize`.

        Raises:
            KeyError: A part is missing.
        """
        outputs = map_texts(content["outputs"], move)
        return cls(
            outputs={name: restore_output(value) for name, value in outputs.items()},
            files={move(file): held for file, held in content["files"].items()},
            run=content.get("run"),
            task=content.get("task"),
        )


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every string in it changed, except for the keys of mappings.

    Args:
        value: The value.
        change: Returns the new string.
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: map_texts(each, change) for name, each in value.items()}
    return [map_texts(each, change) for each in value] if isinstance(value, list) else value
