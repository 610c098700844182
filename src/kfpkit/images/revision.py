"""Determines with git which commit an image is built from."""

from __future__ import annotations

import logging
import os
import subprocess

from kfpkit.environments import RUNTIME_FILE, Environment

_log = logging.getLogger("kfpkit")
_NO_REPOSITORY = "not a git repository"
_NO_COMMIT = "needed a single revision"


def ask_revision(environment: Environment) -> str | None:
    """Return the commit that contains an environment.

    Args:
        environment: The environment.

    Returns:
        The commit, with the suffix `-dirty` if the files that determine the image differ from it.
        None without a commit or git, or if git refuses, which is logged.
    """
    commit = _ask_git(environment, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    files = (".", "../Dockerfile", f"../{RUNTIME_FILE}")
    is_clean = _ask_git(environment, "status", "--porcelain", "--", *files) == ""
    return commit if is_clean else f"{commit}-dirty"


def _ask_git(environment: Environment, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(environment.folder), *arguments]
    variables = os.environ | {"LC_ALL": "C"}
    try:
        asked = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    except OSError:
        return None
    if asked.returncode == 0:
        return asked.stdout.strip()
    said = asked.stderr.strip()
    if _NO_REPOSITORY not in said and _NO_COMMIT not in said.lower():
        _log.warning(
            "git cannot determine the commit of the environment `%s`, so its image does not "
            "record it: %s",
            environment.name,
            said,
        )
    return None
