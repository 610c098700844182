"""Finding an interpreter for an environment's Python version."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The version of the running Python, such as "3.12"."""


def interpreter(version: str) -> str:
    """Find an interpreter that uv alone would not find, or leave the search to uv.

    The running Python comes first, then pyenv's versions, active or not.

    Args:
        version: Such as "3.12".

    Returns:
        The interpreter's path; or the version itself, for uv to find or to download.
    """
    if version == RUNNING:
        return getattr(sys, "_base_executable", sys.executable) or version
    installed = _pyenv_versions(version)
    return str(installed[-1]) if installed else version


def _pyenv_versions(version: str) -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [
        (int(match[1]), folder / "bin" / "python")
        for folder in root.glob(f"versions/{version}.*")
        if (match := re.fullmatch(re.escape(version) + r"\.(\d+)", folder.name))
    ]
    return [python for _, python in sorted(found) if python.exists()]
