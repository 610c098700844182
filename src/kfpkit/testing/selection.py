"""Finds the environments that match a pattern."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from kfpkit.environments import list_environments, list_shipped_names
from kfpkit.errors import UnknownPatternError
from kfpkit.project import Project


def match_environments(project: Project, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the environments of a project that match patterns.

    A name matches its environment. A pattern matches only environments in which components can run,
    not those with `image = false`.

    Args:
        project: The project.
        patterns: Names, with the wildcards `*`, `?` and `[…]`.

    Returns:
        The names, each once, sorted within each pattern.

    Raises:
        UnknownPatternError: A pattern matches no environment with an image.
        InvalidEnvironmentError: An environment's `pyproject.toml` can't be read.
    """
    known = [one.name for one in list_environments(project) if one.description.has_image]
    found: dict[str, None] = {}
    for pattern in patterns:
        names = fnmatch.filter(known, pattern)
        if not names:
            raise UnknownPatternError(
                pattern=pattern,
                known=known,
                folder=project.environments,
                shipped=list_shipped_names(),
            )
        found.update(dict.fromkeys(names))
    return tuple(found)
