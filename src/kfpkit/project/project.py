"""Finds the project that a file belongs to, and its `[tool.kfpkit]` settings.

A project is the nearest parent folder with a `pyproject.toml` that has a `[tool.kfpkit]` table.
Without one, it is the nearest folder with a `pyproject.toml` or a `.git`, or else the folder
itself. A single file in an empty folder is therefore a project too, with default settings.
"""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

from kfpkit import files, toml
from kfpkit.errors import InvalidConfigError, InvalidRegistryError
from kfpkit.project.settings import Settings, SettingsProblems, read_settings

NAME = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
"""What can stand between two slashes of an image reference."""

REGISTRY_VARIABLE = "KFPKIT_REGISTRY"
"""The environment variable that wins over the setting `registry`."""

_REGISTRY = re.compile(rf"(?:{NAME}|\[[0-9a-f:]+\])(?::\d+)?(?:/{NAME})*")


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder with first-party code, environments and pipelines.

    Args:
        root: The project's folder, as an absolute path.
        source_roots: Existing folders with first-party modules, as absolute paths in search order.
        environments: The folder of environments, as an absolute path. It need not exist.
        registry: The part of an image reference before the environment's name.
        allow_secrets: Patterns of `PATH:KIND` for possible secrets that may ship.
    """

    root: Path
    source_roots: tuple[Path, ...]
    environments: Path
    registry: str
    allow_secrets: tuple[str, ...] = ()

    @property
    def state(self) -> Path:
        """The folder for runs, logs and emulator data, which git ignores."""
        return self.root / ".kfpkit"


def find_project(start: Path) -> Project:
    """Find the project that a file or folder belongs to, with its current settings.

    Args:
        start: A file or a folder.

    Returns:
        The project.

    Raises:
        InvalidConfigError: The project's `pyproject.toml` can't be read, or its `[tool.kfpkit]`
            table contains an unknown key or an invalid value.
        InvalidRegistryError: The registry can't be part of an image reference.
    """
    folder = (start if start.is_dir() else start.parent).resolve()
    ancestors = [folder, *folder.parents]
    for root in ancestors:
        settings = _load_settings(root / "pyproject.toml")
        if settings is not None:
            return _make_project(root, settings)
    marked = (root for root in ancestors if _is_marked(root))
    return _make_project(next(marked, folder), Settings())


def list_deciding_paths(start: Path, project: Project) -> tuple[Path, ...]:
    """Return the files that determine a file's project and its settings.

    As long as none of these is added, changed or removed, and `REGISTRY_VARIABLE` stays the same,
    `find_project` returns the same result.

    Args:
        start: A file or a folder.
        project: Its project.
    """
    folder = (start if start.is_dir() else start.parent).resolve()
    settings = _load_settings(project.root / "pyproject.toml")
    ancestors = [folder, *folder.parents]
    if settings is not None:
        ancestors = ancestors[: ancestors.index(project.root) + 1]
    marks = (root / name for root in ancestors for name in ("pyproject.toml", ".git"))
    roots = (project.root / entry for entry in (settings or Settings()).source_roots)
    return (*marks, *roots)


def _is_marked(root: Path) -> bool:
    return (root / "pyproject.toml").is_file() or (root / ".git").exists()


def _load_settings(pyproject: Path) -> Settings | None:
    state = files.read_state(pyproject)
    return _read(pyproject, state) if state else None


@functools.lru_cache(maxsize=256)
def _read(pyproject: Path, _: tuple[int, ...]) -> Settings | None:
    """Read the settings once for each state of the file. None if it has none."""
    try:
        document = toml.parse(pyproject.read_text(encoding="utf-8"))
        table = toml.read_table(document, "tool", "kfpkit")
    except (OSError, ValueError) as error:
        raise InvalidConfigError(file=pyproject, problems=[str(error)]) from None
    # An environment's pyproject.toml describes the environment in a table below this one.
    if "kfpkit" not in document.get("tool", {}) or set(table) == {"environment"}:
        return None
    try:
        return read_settings(table)
    except SettingsProblems as error:
        raise InvalidConfigError(file=pyproject, problems=error.problems) from None


def _make_project(root: Path, settings: Settings) -> Project:
    candidates = [root / entry for entry in settings.source_roots]
    return Project(
        root=root,
        source_roots=tuple(dict.fromkeys(path.resolve() for path in candidates if path.is_dir())),
        environments=root / settings.environments,
        registry=_resolve_registry(root, settings),
        allow_secrets=settings.allow_secrets,
    )


def _resolve_registry(root: Path, settings: Settings) -> str:
    found = os.environ.get(REGISTRY_VARIABLE)
    registry = found or settings.registry
    if _REGISTRY.fullmatch(registry):
        return registry
    file = f"`registry` in {root / 'pyproject.toml'}"
    where = f"the environment variable `{REGISTRY_VARIABLE}`" if found else file
    raise InvalidRegistryError(registry=registry, where=where)
