"""Which environments a pattern means."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from kfpkit.config import Project
from kfpkit.environments import list_environments, list_shipped_names
from kfpkit.errors import UnknownPatternError


def match_environments(project: Project, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the environments of a project that patterns name.

    A name means its environment. A pattern means those that components run in: an environment with
    `image = false` is none of them.

    Args:
        project: The project.
        patterns: Names, with `*`, `?` and `[…]` for what is left open.

    Returns:
        The names, each once, sorted within each pattern.

    Raises:
        UnknownPatternError: A pattern fits no environment that has an image.
        InvalidEnvironmentError: An environment's `pyproject.toml` cannot be read.
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
