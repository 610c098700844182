"""Collects tests even if packages are missing that only environments have.

A test's module may import a helper with `import pandas as pd` at its top. While pytest collects,
this is a placeholder. When tests run, a call of it is refused.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kfpkit.placeholders import Load, Provision, list_swallowed, placeholders

if TYPE_CHECKING:
    from kfpkit.project import Project


class Collecting:
    """The loads in which pytest imports files of the author, one for each folder with tests."""

    def __init__(self) -> None:
        self._loads: dict[Path, Load] = {}

    @contextlib.contextmanager
    def at(self, path: Path) -> Iterator[None]:
        """Answer the imports of the project to which a path belongs.

        Args:
            path: The collected folder or file.
        """
        with placeholders(self._load(path)):
            yield

    def caught(self, path: Path) -> list[str]:
        """Return the refusals at a path that didn't end its import.

        Args:
            path: The collected folder or file.
        """
        load = self._load(path)
        texts = [str(refusal) for refusal in list_swallowed(load)]
        load.refusals.clear()
        return texts

    def _load(self, path: Path) -> Load:
        folder = path if path.is_dir() else path.parent
        return self._loads.setdefault(folder, _make_load(folder))


def _make_load(folder: Path) -> Load:
    """Create a load that looks for its project only if an import fails."""
    project = functools.cache(functools.partial(_find_project, folder))
    return Load(
        project=folder,
        roots=lambda: (found.root, *found.source_roots) if (found := project()) else (),
        provisions=lambda: _provisions(project()),
        in_pipeline=_is_in_pipeline,
    )


def _find_project(folder: Path) -> Project | None:
    from kfpkit.errors import ConfigError  # noqa: PLC0415 - as above
    from kfpkit.project import find_project  # noqa: PLC0415 - not every session uses it

    with contextlib.suppress(ConfigError):
        return find_project(folder)
    return None


def _provisions(project: Project | None) -> Mapping[str, Provision]:
    from kfpkit.environments import collect_provided_imports  # noqa: PLC0415 - not every session uses it

    return collect_provided_imports(project) if project else {}


def _is_in_pipeline() -> bool:
    if "kfp.dsl.pipeline_context" not in sys.modules:
        return False
    from kfpkit.specification import is_pipeline_being_made  # noqa: PLC0415 - not every session uses it

    return is_pipeline_being_made()
