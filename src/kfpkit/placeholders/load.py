"""A load of the author's files: which imports are answered, and who provides the packages."""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from kfpkit.errors import PlaceholderError

_KFPKIT = str(Path(__file__).resolve().parent.parent)
_SHIPPED = (f"{_KFPKIT}{os.sep}components", f"{_KFPKIT}{os.sep}helpers")
_LIBRARY = re.compile(r"[\\/](?:site|dist)-packages[\\/]")
_INSTALLATIONS = (sys.prefix, sys.base_prefix, str(Path(os.__file__).parent))


class Provision(Protocol):
    """The origin of an import name."""

    @property
    def distribution(self) -> str:
        """The distribution that has it."""

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments whose locks have that distribution."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that isn't installed here.

    Args:
        name: The import name that one distribution provides: `pandas`, or `google.cloud.bigquery`.
        distribution: The distribution that provides it.
        environments: The environments of the project that provide it.
    """

    name: str
    distribution: str
    environments: tuple[str, ...]


def _never() -> bool:
    return False


@dataclass(kw_only=True, eq=False)
class Load:
    """One load, from its first to its last import.

    Args:
        project: The project. A load replaces an earlier one of the same project.
        roots: Returns the folders with the author's files.
        provisions: Returns the import names that environments provide. Both are called once, and
            only if an import fails because its package isn't installed, or names a namespace
            package.
        in_pipeline: Returns whether a pipeline's function is running.
        refusals: The refused operations at lines of the author, in order.
        border: The frames that were running when the load began.
    """

    project: Path
    roots: Callable[[], Iterable[Path]]
    provisions: Callable[[], Mapping[str, Provision]]
    in_pipeline: Callable[[], bool] = _never
    refusals: list[PlaceholderError] = field(default_factory=list)
    border: frozenset[FrameType] = frozenset()
    _owned: dict[str, bool] = field(default_factory=dict)

    @functools.cached_property
    def packages(self) -> Mapping[str, Package]:
        """The packages that environments provide, by what is imported."""
        return {
            name: Package(
                name=name, distribution=found.distribution, environments=found.environments
            )
            for name, found in self.provisions().items()
        }

    @functools.cached_property
    def namespaces(self) -> frozenset[str]:
        """The prefixes of packages, such as `google` and `google.cloud`."""
        return frozenset(parent for name in self.packages for parent in parents(name))

    def package_of(self, module: str) -> Package | None:
        """Return the package of a module, if an environment provides it."""
        candidates = (module, *reversed(parents(module)))
        return next((self.packages[name] for name in candidates if name in self.packages), None)

    def owns(self, file: str) -> bool:
        """Return whether a file belongs to the author, or to the shipped part of kfpkit."""
        if file not in self._owned:
            # The import system, and code without a file, are `<frozen …>` and the like.
            self._owned[file] = not file.startswith("<") and any(map(self._has, _paths(file)))
        return self._owned[file]

    def _has(self, path: str) -> bool:
        if _is_below(path, _KFPKIT):
            return any(_is_below(path, folder) for folder in _SHIPPED)
        return not _LIBRARY.search(path) and any(_is_in(path, root) for root in self._roots)

    @functools.cached_property
    def _roots(self) -> tuple[str, ...]:
        return tuple(map(str, self.roots()))


def _paths(file: str) -> set[str]:
    """Return the absolute path of a file, with and without its links resolved."""
    return {os.path.abspath(file), os.path.realpath(file)}  # noqa: PTH100 - a hot path


def parents(name: str) -> list[str]:
    """Return the prefixes of a dotted name, starting with the outermost."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _is_in(path: str, root: str) -> bool:
    """Return whether a file is below a root, but not in a Python installation there."""
    return _is_below(path, root) and not any(
        _is_below(folder, root) and _is_below(path, folder) for folder in _INSTALLATIONS
    )


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


# The import system keeps one state for a process, and so does what answers it: the loads in
# progress, the innermost last; of each project the last load that was answered; and by file the
# lines of the imports that were.
_open: list[Load] = []
_answered: dict[Path, Load] = {}
_imported: dict[str, dict[str, int]] = {}


def begin(load: Load) -> None:
    """Begin a load."""
    _open.append(load)


def end(load: Load) -> None:
    """End a load."""
    _open.remove(load)
    load.border = frozenset()


def find_current() -> Load | None:
    """Return the load in progress, if any."""
    return _open[-1] if _open else None


def is_open(load: Load) -> bool:
    """Return whether a load is in progress."""
    return load in _open


def find_latest() -> Load | None:
    """Return the load in progress, otherwise the last one with answered imports."""
    return _open[-1] if _open else next(reversed(_answered.values()), None)


def find_answered(file: str) -> Load | None:
    """Return the last finished load with answered imports that includes a file."""
    over = (load for load in reversed(_answered.values()) if load not in _open)
    return next((load for load in over if load.owns(file)), None)


def is_authors(frame: FrameType) -> bool:
    """Return whether a frame runs the author's code, including generated methods."""
    file = frame.f_globals.get("__file__")
    return isinstance(file, str) and any(load.owns(file) for load in (*_open, *_answered.values()))


def note_answer(load: Load, file: str, line: int, package: Package) -> None:
    """Record that a line of a file has a placeholder for a package."""
    _answered.pop(load.project, None)
    _answered[load.project] = load
    _imported[file] = {**_imported.pop(file, {}), package.name: line}


def list_imported(file: str) -> Mapping[str, int]:
    """Return the packages with placeholders in a file, with the lines of their imports."""
    return _imported.get(file, {})


def find_last_import(package: Package) -> tuple[str, int] | None:
    """Return the file and line of a package's most recent placeholder import."""
    files = (file for file in reversed(_imported) if package.name in _imported[file])
    return next(((file, _imported[file][package.name]) for file in files), None)
