"""Which environments a pattern means."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from kfpkit.config import Project
from kfpkit.errors import UnknownPatternError


def matching_environments(project: Project, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the environments of a project that patterns name.

    Args:
        project: The project.
        patterns: Names, with `*`, `?` and `[…]` for what is left open.

    Returns:
        The names, each once, sorted within each pattern.

    Raises:
        UnknownPatternError: A pattern fits no environment.
    """
    folder = project.environments
    known = sorted(file.parent.name for file in folder.glob("*/pyproject.toml"))
    found: dict[str, None] = {}
    for pattern in patterns:
        names = fnmatch.filter(known, pattern)
        if not names:
            raise UnknownPatternError(pattern=pattern, known=known, folder=folder)
        found.update(dict.fromkeys(names))
    return tuple(found)
