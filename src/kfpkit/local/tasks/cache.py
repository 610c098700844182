"""The local execution cache: KFP's key and form of outputs, with a stricter idea of a hit.

KFP's `LocalCache` also counts a run-time artifact as lost whose file was never written (metrics,
tables) or lies behind an address that it does not know (`bq://`), and puts a task's place in the
pipeline into the key. Here an entry remembers what its files held, and is a hit while they hold it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.files import replace
from kfpkit.local.tasks.fingerprint import is_unchanged, take_fingerprint
from kfpkit.specification import artifacts_in, local_path
from kfpkit.specification.execution import restore_output, serialize_outputs


@dataclass(frozen=True, kw_only=True)
class TaskCache:
    """Outputs of earlier tasks, a small JSON file for each.

    Args:
        folder: Where the files are; it is made when the first is written.
    """

    folder: Path

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the outputs under a key; None without them, or when a file of theirs has changed.

        Args:
            key: The key.
        """
        try:
            entry = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            files = entry["files"].items()
            if not all(is_unchanged(Path(file), fingerprint) for file, fingerprint in files):
                return None
            return {name: restore_output(value) for name, value in entry["outputs"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, or damaged
            return None

    def put(self, key: str, outputs: Mapping[str, Any]) -> None:
        """Keep outputs under a key; another run never sees half of them.

        Args:
            key: The key.
            outputs: Parameters and artifacts by name.

        Raises:
            OSError: They cannot be written, or a file of theirs cannot be read.
        """
        artifacts = [artifact for value in outputs.values() for artifact in artifacts_in(value)]
        paths = [path for path in map(local_path, artifacts) if path is not None]
        files = {str(path): take_fingerprint(path) for path in paths if path.exists()}
        entry = {"outputs": serialize_outputs(outputs), "files": files}
        replace(self.folder / f"{key}.json", json.dumps(entry).encode())
