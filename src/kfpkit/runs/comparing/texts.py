"""The texts of source files, from the compiled pipelines of runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from kfpkit.bundle import decode

_PIPELINE = "pipeline.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_texts(folders: Iterable[Path]) -> dict[str, str]:
    """Read the texts of all files that ship with the components of runs.

    Args:
        folders: The runs' folders.

    Returns:
        The texts by the SHA-256 of the files. Files that aren't UTF-8 are left out, and those of
        a run without a readable compiled pipeline.
    """
    return {
        hashlib.sha256(content).hexdigest(): text
        for folder in folders
        for content in _read_files(folder / _PIPELINE)
        if (text := _decode_text(content)) is not None
    }


def _read_files(file: Path) -> Iterator[bytes]:
    for command in _read_commands(file):
        payload = decode(command)
        if payload is not None:
            yield from payload.files.values()


def _read_commands(file: Path) -> list[list[str]]:
    try:
        document: Any = next(yaml.load_all(file.read_bytes(), Loader=_Loader))
        executors = document["deploymentSpec"]["executors"].values()
        return [each["container"].get("command", []) for each in executors if "container" in each]
    except (OSError, yaml.YAMLError, StopIteration, KeyError, TypeError, AttributeError):
        return []


def _decode_text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
