"""The local execution cache: KFP's key and form of outputs, with a stricter idea of a hit.

KFP's `LocalCache` also counts a run-time artifact as lost whose file was never written (metrics,
tables) or lies behind an address that it does not know (`bq://`), and puts a task's place in the
pipeline into the key. Here an entry remembers what its files held, and is a hit while they hold it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.files import replace
from kfpkit.local.tasks.fingerprint import is_unchanged, take_fingerprint
from kfpkit.local.tasks.key_parts import KeyParts
from kfpkit.specification import artifacts_in, local_path
from kfpkit.specification.execution import restore_output, serialize_outputs


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an earlier task has produced.

    Args:
        outputs: Parameters and artifacts by name.
        run: The id of the task's run; None if that is not known.
        task: The task's name in that run.
    """

    outputs: Mapping[str, Any]
    run: str | None = None
    task: str | None = None


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
            entry = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            files = entry["files"].items()
            if not all(is_unchanged(Path(file), fingerprint) for file, fingerprint in files):
                return None
            outputs = {name: restore_output(value) for name, value in entry["outputs"].items()}
            return Entry(outputs=outputs, run=entry.get("run"), task=entry.get("task"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, or damaged
            return None

    def put(self, key: str, entry: Entry) -> None:
        """Keep an entry under a key; another run never sees half of it.

        Args:
            key: The key.
            entry: What a task has produced.

        Raises:
            OSError: It cannot be written, or a file of it cannot be read.
        """
        values = entry.outputs.values()
        artifacts = [artifact for value in values for artifact in artifacts_in(value)]
        paths = [path for path in map(local_path, artifacts) if path is not None]
        files = {str(path): take_fingerprint(path) for path in paths if path.exists()}
        content = {
            "outputs": serialize_outputs(entry.outputs),
            "files": files,
            "run": entry.run,
            "task": entry.task,
        }
        replace(self.folder / f"{key}.json", json.dumps(content).encode())

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
