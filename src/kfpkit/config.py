"""The project that a file belongs to, and its `[tool.kfpkit]` settings.

A project is the nearest folder upwards whose `pyproject.toml` has a `[tool.kfpkit]` table; without
one, the nearest folder with a `pyproject.toml` or a `.git`; without those, the folder itself. So a
single file in an empty folder is a project too, with every setting at its default.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kfpkit.errors import InvalidConfigError, InvalidRegistryError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REGISTRY = re.compile(rf"(?:{_PART}|\[[0-9a-f:]+\])(?::\d+)?(?:/{_PART})*")


class Settings(BaseModel):
    """The `[tool.kfpkit]` table.

    Attributes:
        source_roots: Folders, relative to the project, below which first-party modules are found;
            earlier ones win. Folders that do not exist are passed over.
        environments: The folder that holds one folder for each environment.
        registry: What stands before the environment's name in an image reference. The environment
            variable `KFPKIT_REGISTRY` wins over it, for stages with registries of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source_roots: tuple[str, ...] = Field(default=("src", "."), alias="source-roots")
    environments: str = "environments"
    registry: str = "kfpkit"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder with first-party code, environments and pipelines.

    Args:
        root: The project's folder, absolute.
        source_roots: Existing folders below which first-party modules are found, absolute, in the
            order in which they are searched.
        environments: The folder of environments, absolute; it need not exist.
        registry: What stands before the environment's name in an image reference.
    """

    root: Path
    source_roots: tuple[Path, ...]
    environments: Path
    registry: str

    @property
    def state(self) -> Path:
        """The folder for runs, logs and emulator data; never committed."""
        return self.root / ".kfpkit"


def find_project(start: Path) -> Project:
    """Find the project that a file or folder belongs to.

    Args:
        start: A file or a folder.

    Returns:
        The project, with its settings read.

    Raises:
        InvalidConfigError: The project's `pyproject.toml` does not parse, or its `[tool.kfpkit]`
            table holds an unknown key or a wrong value.
        InvalidRegistryError: The registry cannot stand in an image reference.
    """
    folder = start if start.is_dir() else start.parent
    return _find_project(folder.resolve())


@functools.lru_cache(maxsize=256)
def _find_project(folder: Path) -> Project:
    ancestors = [folder, *folder.parents]
    for root in ancestors:
        table = _kfpkit_table(root / "pyproject.toml")
        if table is not None:
            return _project(root, table)
    for root in ancestors:
        if (root / "pyproject.toml").is_file() or (root / ".git").exists():
            return _project(root, {})
    return _project(folder, {})


def _kfpkit_table(pyproject: Path) -> dict[str, Any] | None:
    if not pyproject.is_file():
        return None
    try:
        document = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidConfigError(file=pyproject, problems=[str(error)]) from None
    table: dict[str, Any] | None = document.get("tool", {}).get("kfpkit")
    # An environment's pyproject.toml describes the environment in a table below this one.
    return None if table is not None and set(table) == {"environment"} else table


def _project(root: Path, table: dict[str, Any]) -> Project:
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        raise InvalidConfigError(
            file=root / "pyproject.toml",
            problems=[
                f"[tool.kfpkit] {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors()
            ],
        ) from None
    candidates = [root / entry for entry in settings.source_roots]
    return Project(
        root=root,
        source_roots=tuple(dict.fromkeys(path.resolve() for path in candidates if path.is_dir())),
        environments=root / settings.environments,
        registry=_registry(root, settings),
    )


def _registry(root: Path, settings: Settings) -> str:
    found = os.environ.get("KFPKIT_REGISTRY")
    registry = found or settings.registry
    if _REGISTRY.fullmatch(registry):
        return registry
    file = f"`registry` in {root / 'pyproject.toml'}"
    where = "the environment variable `KFPKIT_REGISTRY`" if found else file
    raise InvalidRegistryError(registry=registry, where=where)
