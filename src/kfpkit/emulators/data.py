"""Identifies the emulators' data in the cache keys of tasks that may use it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile

from kfpkit.project import Project


def identify_data(project: Project) -> str:
    """Identify the data that the emulators serve.

    The outputs of tasks that use emulators are stored there, and kfpkit can't check whether they
    still exist. A file beside the data, which disappears with the data, at least shows when all
    data is new.

    Args:
        project: The project of the data. The emulators have run.

    Returns:
        A string that is the same for all runs as long as the data's folder exists.

    Raises:
        OSError: The file can't be written.
    """
    folder = project.state / "emulators"
    file = folder / "identity"
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="utf-8") as new:
            new.write(secrets.token_hex(8))
            new.flush()
            # Another run may be first; what is linked is whole, so that nobody reads half of it.
            with contextlib.suppress(FileExistsError):
                os.link(new.name, file)
    return file.read_text(encoding="utf-8")


def read_identity(project: Project) -> str | None:
    """Return what identifies the emulators' data. None if they have no data yet.

    Args:
        project: The project of the data.
    """
    try:
        return (project.state / "emulators" / "identity").read_text(encoding="utf-8")
    except OSError:
        return None
