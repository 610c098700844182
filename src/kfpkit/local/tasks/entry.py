"""What a task has produced, in a form that is kept in files."""

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
    """What a task has produced.

    Args:
        outputs: Parameters and artifacts by name.
        files: What the files of its artifacts held when it had ended, by their paths.
        run: The id of the task's run; None if that is not known.
        task: The task's name in that run.
    """

    outputs: Mapping[str, Any]
    files: Mapping[str, Mapping[str, str]]
    run: str | None = None
    task: str | None = None

    @classmethod
    def take(cls, outputs: Mapping[str, Any], *, run: str, task: str) -> Entry:
        """Return what a task has produced just now.

        Args:
            outputs: Its parameters and artifacts by name.
            run: The id of its run.
            task: Its name in that run.

        Raises:
            OSError: A file of it cannot be read.
        """
        artifacts = [artifact for value in outputs.values() for artifact in artifacts_in(value)]
        paths = [path for path in map(local_path, artifacts) if path is not None]
        files = {str(path): take_fingerprint(path) for path in paths if path.exists()}
        return cls(outputs=outputs, files=files, run=run, task=task)

    def is_unchanged(self) -> bool:
        """Say whether its files hold what they held.

        Raises:
            OSError: One of them cannot be read.
        """
        return all(is_unchanged(Path(file), held) for file, held in self.files.items())

    def serialize(self, move: Callable[[str], str] = str) -> dict[str, Any]:
        """Return the entry as JSON has it.

        Args:
            move: Returns a text, such as a path, as the file has it.
        """
        return {
            "outputs": map_texts(serialize_outputs(self.outputs), move),
            "files": {move(file): held for file, held in self.files.items()},
            "run": self.run,
            "task": self.task,
        }

    @classmethod
    def restore(cls, content: Mapping[str, Any], move: Callable[[str], str] = str) -> Entry:
        """Return the entry that `serialize` has put into JSON.

        Args:
            content: The JSON.
            move: Reverses what `serialize` was given.

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
    """Return a value of JSON with every text in it changed; the keys of mappings stay.

    Args:
        value: The value.
        change: Returns the new text.
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: map_texts(each, change) for name, each in value.items()}
    return [map_texts(each, change) for each in value] if isinstance(value, list) else value
