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

from kfp.dsl.executor import create_artifact_instance
from kfp.local.cache import LocalCache

from kfpkit.files import replace
from kfpkit.local.tasks.fingerprint import is_unchanged, take_fingerprint
from kfpkit.specification import artifacts_in, local_path


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
            return {name: _restored(value) for name, value in entry["outputs"].items()}
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
        entry = {"outputs": LocalCache._serialize_outputs(dict(outputs)), "files": files}  # noqa: SLF001 - KFP's own form
        replace(self.folder / f"{key}.json", json.dumps(entry).encode())


def task_key(  # noqa: PLR0913 - each of them decides what a task puts out
    *,
    function: str,
    image: str,
    command: list[str],
    arguments: Mapping[str, Any],
    variables: Mapping[str, str],
    custom: str,
) -> str:
    """Return what is the same exactly for tasks that do the same.

    Args:
        function: The component function's name.
        image: Its image: the content hash of its environment is in it.
        command: Its command with placeholders as compiled: its code, and no path of a run.
        arguments: Its inputs; artifacts count by address and metadata.
        variables: The environment variables that the author set.
        custom: The author's own key (`set_caching_options(cache_key=)`), or nothing.

    Returns:
        A hexadecimal digest.
    """
    key: str = LocalCache.compute_key(
        # The method uses nothing of its instance, whose making would make a folder.
        LocalCache.__new__(LocalCache),
        component_name=function,
        image=image,
        full_command=command,
        arguments=dict(arguments),
        env_vars=dict(variables),
        custom_cache_key=custom or None,
    )
    return key


def _restored(value: Any) -> Any:
    if isinstance(value, dict) and value.get("__kfp_artifact__"):
        return create_artifact_instance(
            {
                "name": value["name"],
                "uri": value["uri"],
                "metadata": value["metadata"],
                "type": {"schemaTitle": value["schema_title"]},
            }
        )
    if isinstance(value, dict) and value.get("__kfp_artifact_list__"):
        return [_restored(artifact) for artifact in value["artifacts"]]
    return value
