"""Files that a process may not read, although the tests may run as root."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_NOBODY = 65534


@contextlib.contextmanager
def make_shared_folder() -> Iterator[Path]:
    """Have a folder that any user of the machine can read."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def withdraw_rights(path: Path) -> Iterator[None]:
    """Take the right to read a file or folder away until the context ends.

    What is imported meanwhile may belong to root alone, so it has to be imported before.
    """
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        path.chmod(0o755)
