"""The state of the project's source in git."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kfpkit.runs.record import Revision

_SECONDS = 1.0


def ask_revision(root: Path, seconds: float = _SECONDS) -> Future[Revision | None]:
    """Ask git in the background for the commit of a project, with two processes at most.

    Args:
        root: The project's folder.
        seconds: How long git may take for each question.

    Returns:
        The future answer. None without git, a repository, or a commit.
    """
    thread = ThreadPoolExecutor(max_workers=1)
    asked = thread.submit(_ask, root, seconds)
    thread.shutdown(wait=False)
    return asked


def _ask(root: Path, seconds: float) -> Revision | None:
    found = _ask_git(root, seconds, "rev-parse", "HEAD", "--abbrev-ref", "HEAD")
    commit, _, branch = (found or "").partition("\n")
    if not commit:
        return None
    status = _ask_git(root, seconds, "status", "--porcelain", "--", ".")
    return Revision(
        commit=commit,
        branch=None if branch == "HEAD" else branch,
        dirty=None if status is None else bool(status),
    )


def _ask_git(root: Path, seconds: float, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    variables = os.environ | {"LC_ALL": "C"}
    try:
        asked = subprocess.run(
            command,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
