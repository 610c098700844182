"""Kept files: a folder with a card in JSON, which has the hash of each other file.

A file is read only after its hash has been compared: a library may crash the process on a truncated
file, and a changed one would be another model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_card(folder: Path, name: str, card: Mapping[str, Any]) -> None:
    """Write a card with the hashes of the files in its folder.

    Args:
        folder: The folder.
        name: The file of the card.
        card: What it says beside the hashes.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != name)
    hashes = {file.relative_to(folder).as_posix(): hash_file(file) for file in files}
    text = json.dumps({**card, "files": hashes}, indent=2, sort_keys=True, allow_nan=False)
    (folder / name).write_text(text + "\n", encoding="utf-8")


def read_card(folder: Path, name: str, what: str) -> dict[str, Any]:
    """Read a card, and compare the files of its folder with their hashes.

    Args:
        folder: The folder.
        name: The file of the card.
        what: What the folder is, such as `model`, for messages.

    Returns:
        The card.

    Raises:
        FileNotFoundError: The folder has no such card, or lacks a file.
        ValueError: A file isn't the one that was written, or the card is no JSON.
    """
    try:
        card: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(
            f"`{folder}` is not a {what}: it has no `{name}`. Pass the `{what}` output of the task "
            "that wrote it."
        ) from None
    except ValueError as error:
        raise ValueError(
            f"`{name}` of the {what} is damaged: {error}. Run the task that wrote it again."
        ) from None
    for file, expected in card["files"].items():
        _require_hash(folder / file, expected, what)
    return card


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        digest = hashlib.sha256()
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def hash_table(path: Path) -> str:
    """Return the SHA-256 of a Parquet file, or over those of a folder in order of their names."""
    if not path.is_dir():
        return hash_file(path)
    hashes = "".join(hash_file(file) for file in sorted(path.glob("*.parquet")))
    return hashlib.sha256(hashes.encode()).hexdigest()


def _require_hash(file: Path, expected: str, what: str) -> None:
    if not file.is_file():
        raise FileNotFoundError(
            f"The {what} lacks its file `{file.name}`. Run the task that wrote it again."
        )
    found = hash_file(file)
    if found != expected:
        raise ValueError(
            f"The file `{file.name}` of the {what} is damaged or was changed: its SHA-256 is "
            f"{found[:12]}…, but the card has {expected[:12]}…. It was not read. Run the task that "
            "wrote it again."
        )
