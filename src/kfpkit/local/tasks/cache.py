"""The local execution cache: KFP's key and form of outputs, with a stricter idea of a hit.

KFP's `LocalCache` also counts a run-time artifact as lost whose file was never written (metrics,
tables) or lies behind an address that it does not know (`bq://`), and puts a task's place in the
pipeline into the key. Here an entry remembers what its files held, and is a hit while they hold it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kfpkit.files import replace
from kfpkit.local.tasks.entry import Entry
from kfpkit.local.tasks.key_parts import KeyParts


@dataclass(frozen=True, kw_only=True)
class TaskCache:
    """Outputs of earlier tasks, a small JSON file for each.

    Args:
        folder: Where the files are; it is made when the first is written.
    """

    folder: Path

    def get(self, key: str) -> Entry | None:
        """Return what is under a key; None without it, or when a file of it has changed.

        Args:
            key: The key.
        """
        try:
            text = (self.folder / f"{key}.json").read_text(encoding="utf-8")
            entry = Entry.restore(json.loads(text))
            return entry if entry.is_unchanged() else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, or damaged
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry under a key; another run never sees half of it.

        Args:
            key: The key.
            entry: What a task has produced.

        Raises:
            OSError: It cannot be written.
        """
        replace(self.folder / f"{key}.json", json.dumps(entry.serialize()).encode())

    def read_parts(self, pipeline: str, task: str) -> KeyParts | None:
        """Return what the key of a task's last success was made of; None if that is not known.

        Args:
            pipeline: The pipeline's name.
            task: The task's name in the run.
        """
        try:
            return KeyParts.restore(self._parts(pipeline, task).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep_parts(self, pipeline: str, task: str, parts: KeyParts) -> None:
        """Keep what the key of a task is made of that has succeeded.

        Args:
            pipeline: The pipeline's name.
            task: The task's name in the run.
            parts: What its key is made of.

        Raises:
            OSError: It cannot be written.
        """
        replace(self._parts(pipeline, task), parts.serialize().encode())

    def _parts(self, pipeline: str, task: str) -> Path:
        # A task's name may be longer than a file's.
        name = hashlib.sha256(f"{pipeline}\0{task}".encode()).hexdigest()
        return self.folder / "parts" / f"{name}.json"
