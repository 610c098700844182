"""The local execution cache, with KFP's key and form of outputs, and a stricter idea of a hit.

KFP's `LocalCache` also misses if the file of an artifact was never written (metrics, tables) or is
at an address that it doesn't know (`bq://`), and its key includes the task's place in the pipeline.
Here, an entry has the fingerprints of its files, and is a hit as long as they match.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kfpkit.files import replace
from kfpkit.local.tasks.entry import Entry
from kfpkit.local.tasks.keys import KeyParts
from kfpkit.local.tasks.successes import Successes


@dataclass(frozen=True, kw_only=True)
class TaskCache:
    """The outputs of earlier tasks, in a small JSON file for each.

    Args:
        folder: The folder of the files. It is created with the first one.
    """

    folder: Path

    @property
    def successes(self) -> Successes:
        """The inputs of what is in the cache."""
        return Successes(self.folder)

    def get(self, key: str) -> Entry | None:
        """Return the entry of a key. None if it is missing or one of its files has changed.

        Args:
            key: The key.
        """
        try:
            text = (self.folder / f"{key}.json").read_text(encoding="utf-8")
            entry = Entry.restore(json.loads(text))
            return entry if entry.is_unchanged() else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # missing or damaged
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Write the entry of a key. Another run never sees half of it.

        Args:
            key: The key.
            entry: The outputs of a task.

        Raises:
            OSError: It can't be written.
        """
        replace(self.folder / f"{key}.json", json.dumps(entry.serialize()).encode())

    def read_parts(self, pipeline: str, task: str) -> KeyParts | None:
        """Return the parts of the key of a task's last success. None if they aren't known.

        Args:
            pipeline: The pipeline's name.
            task: The task's name in the run.
        """
        try:
            return KeyParts.restore(self._parts(pipeline, task).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep_parts(self, pipeline: str, task: str, parts: KeyParts) -> None:
        """Write the parts of the key of a task that has succeeded.

        Args:
            pipeline: The pipeline's name.
            task: The task's name in the run.
            parts: The parts.

        Raises:
            OSError: They can't be written.
        """
        replace(self._parts(pipeline, task), parts.serialize().encode())

    def _parts(self, pipeline: str, task: str) -> Path:
        # The name of a task may be longer than that of a file.
        name = hashlib.sha256(f"{pipeline}\0{task}".encode()).hexdigest()
        return self.folder / "parts" / f"{name}.json"
