"""The emulators' data, as the key of a task that may use it knows it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile

from kfpkit.config import Project


def identify_data(project: Project) -> str:
    """Identify what the emulators serve.

    The outputs of tasks that use them lie in the emulators, where nothing tells whether they are
    still there. A file beside their data, which goes when it goes, tells at least when all is anew.

    Args:
        project: The project whose data they serve; they have run.

    Returns:
        Some text: the same for all runs that ask, as long as the data's folder is there.

    Raises:
        OSError: It cannot be written.
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
