"""Fingerprints of files and folders, which reveal later changes.

The times and the inode of a file change with its content, because `ctime` can't be set back. As
long as they are the same, nothing is read. Otherwise, for example in a copy of the project, the
content decides.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

_CHUNK = 1 << 20


def take_fingerprint(path: Path) -> dict[str, str]:
    """Read a file, or all files below a folder.

    Args:
        path: The file or folder.

    Returns:
        What `is_unchanged` compares, as JSON values.

    Raises:
        OSError: Something can't be read.
    """
    # In this order, so that a change meanwhile is found later.
    return {"state": _hash_state(path), "content": _hash_content(path)}


def is_unchanged(path: Path, fingerprint: Mapping[str, str]) -> bool:
    """Return whether a file or folder still has its content.

    Args:
        path: The file or folder. It may be missing.
        fingerprint: Its fingerprint.

    Raises:
        OSError: Something can't be read.
    """
    if not path.exists():
        return False
    return (
        _hash_state(path) == fingerprint["state"] or _hash_content(path) == fingerprint["content"]
    )


def _hash_state(path: Path) -> str:
    digest = hashlib.sha256()
    for name, file in _entries(path):
        found = file.lstat() if name else file.stat()
        facts = (found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        digest.update(f"{name}\0{facts}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _hash_content(path: Path) -> str:
    digest = hashlib.sha256()
    for name, file in _entries(path):
        mode = (file.lstat() if name else file.stat()).st_mode
        digest.update(f"{name}\0{stat.S_IFMT(mode)}\0".encode(errors="surrogateescape"))
        if stat.S_ISLNK(mode):
            digest.update(os.fsencode(file.readlink()))
        elif stat.S_ISREG(mode):
            digest.update(_hash_file(file))
    return digest.hexdigest()


def _hash_file(file: Path) -> bytes:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


def _entries(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the file, or the folder and everything in it, each with its name in the folder."""
    yield "", path
    if not path.is_dir():
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted([*folders, *files]):
            entry = Path(folder, name)
            yield str(entry.relative_to(path)), entry
