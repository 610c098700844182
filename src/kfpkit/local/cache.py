"""The local execution cache: KFP's key and form of outputs, with a stricter idea of a hit.

KFP's `LocalCache` also counts a run-time artifact as lost whose file was never written (metrics,
tables) or lies behind an address that it does not know (`bq://`), and puts a task's place in the
pipeline into the key. Here an entry remembers which files there were, and is a hit while they are.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp import dsl
from kfp.dsl.executor import create_artifact_instance
from kfp.local.cache import LocalCache


class TaskCache:
    """Outputs of earlier tasks, a small JSON file for each.

    Args:
        folder: Where the files are; it is made when the first is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(  # noqa: PLR0913 - each of them decides what a task puts out
        self,
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

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the outputs under a key; None without them, or when a file of theirs is gone.

        Args:
            key: The key.
        """
        try:
            entry = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            if not all(Path(file).exists() for file in entry["files"]):
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
            OSError: They cannot be written.
        """
        artifacts = [artifact for value in outputs.values() for artifact in artifacts_in(value)]
        uris = [artifact.uri for artifact in artifacts if "://" not in artifact.uri]
        files = [uri for uri in uris if Path(uri).exists()]
        entry = {"outputs": LocalCache._serialize_outputs(dict(outputs)), "files": files}  # noqa: SLF001 - KFP's own form
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entry, file)
            Path(name).replace(self.folder / f"{key}.json")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def emulator_data(folder: Path) -> str:
    """Identify what the emulators serve, for the key of tasks that may use it.

    The outputs of such tasks lie in the emulators, where nothing tells whether they are still
    there. A file beside their data, which goes when it goes, tells at least when all is anew.

    Args:
        folder: The folder with the emulators' data.

    Returns:
        Some text: the same as long as the folder is there.

    Raises:
        OSError: It cannot be written.
    """
    file = folder / "identity"
    with contextlib.suppress(FileExistsError), file.open("x", encoding="utf-8") as new:
        new.write(secrets.token_hex(8))
    return file.read_text(encoding="utf-8")


def artifacts_in(value: Any) -> list[Any]:
    """Return the artifacts that an input or output consists of.

    Args:
        value: An artifact, a list of artifacts, or a parameter's value.

    Returns:
        The artifacts; none for a parameter.
    """
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dsl.Artifact)]


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
