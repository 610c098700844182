"""Finds an interpreter for an environment's Python version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kfpkit.environments.tools import tools
from kfpkit.errors import UvNotInstalledError

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The version of the running Python, such as "3.12"."""


def find_interpreter(version: str) -> str:
    """Find an interpreter that uv alone wouldn't find, or leave the search to uv.

    The running Python comes first, then all of pyenv's versions.

    Args:
        version: The version, such as "3.12".

    Returns:
        The interpreter's path, or the version itself for uv to find or download.
    """
    if version == RUNNING:
        return getattr(sys, "_base_executable", sys.executable) or version
    installed = _list_pyenv_versions(version)
    return str(installed[-1]) if installed else version


def list_interpreters(version: str) -> Iterator[str]:
    """Yield the interpreters of a version that this machine may have. None is downloaded.

    Some may not work: the one on the path may be a launcher that lacks this version.

    Args:
        version: The version, such as "3.12".
    """
    if version == RUNNING:
        yield find_interpreter(version)
    yield from map(str, reversed(_list_pyenv_versions(version)))
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    found = _ask_uv(version)
    if found:
        yield found


def _ask_uv(version: str) -> str | None:
    """Return an interpreter that uv has installed or finds elsewhere."""
    try:
        command = [
            tools.find_uv(),
            "python",
            "find",
            "--no-python-downloads",
            "--no-project",
            version,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (UvNotInstalledError, OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip() or None


def _list_pyenv_versions(version: str) -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [
        (int(match[1]), folder / "bin" / "python")
        for folder in root.glob(f"versions/{version}.*")
        if (match := re.fullmatch(re.escape(version) + r"\.(\d+)", folder.name))
    ]
    return [python for _, python in sorted(found) if python.exists()]
