"""Which environments a pattern means."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from kfpkit.config import Project
from kfpkit.environments import list_environments
from kfpkit.errors import UnknownPatternError


def matching_environments(project: Project, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the environments of a project that patterns name.

    A name means its environment. A pattern means those that components run in: an environment with
    `image = false` is none of them.

    Args:
        project: The project.
        patterns: Names, with `*`, `?` and `[…]` for what is left open.

    Returns:
        The names, each once, sorted within each pattern.

    Raises:
        UnknownPatternError: A pattern fits no environment.
        InvalidEnvironmentError: An environment's `pyproject.toml` cannot be read.
    """
    known = list_environments(project)
    found: dict[str, None] = {}
    for pattern in patterns:
        names = [
            environment.name
            for environment in known
            if environment.name == pattern
            or (fnmatch.fnmatchcase(environment.name, pattern) and environment.has_image)
        ]
        if not names:
            raise UnknownPatternError(
                pattern=pattern, known=[each.name for each in known], folder=project.environments
            )
        found.update(dict.fromkeys(names))
    return tuple(found)
