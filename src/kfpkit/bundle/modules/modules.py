"""Maps dotted names of first-party modules to files and back, without importing anything.

The search follows Python's import system: roots in their order, a regular package or a module
before folders without `__init__.py`, and these merged over all roots. The shipped part of kfpkit is
found where kfpkit is installed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KFPKIT_FOLDER = Path(__file__).resolve().parents[2]
_SHIPPED_KFPKIT = re.compile(r"kfpkit(\.component|\.(components|helpers)(\..+)?)?")


@dataclass(frozen=True, kw_only=True)
class Module:
    """A first-party module.

    Args:
        name: Its dotted name.
        file: Its source. None for a folder without `__init__.py`.
        folders: The folders of its submodules. Empty unless it is a package.
    """

    name: str
    file: str | None
    folders: tuple[str, ...] = ()

    @property
    def is_package(self) -> bool:
        """Whether it can have submodules."""
        return bool(self.folders)

    @property
    def path(self) -> str:
        """The path of its file in a payload."""
        return module_path(self.name, is_package=self.is_package)


def module_path(name: str, *, is_package: bool) -> str:
    """Return the path of a module in a payload."""
    return name.replace(".", "/") + ("/__init__.py" if is_package else ".py")


def parents(name: str) -> Iterator[str]:
    """Yield the packages above a dotted name, starting with the outermost."""
    parts = name.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])


def resolve_name(name: str, level: int, module: str, *, is_package: bool) -> str | None:
    """Return the dotted name that an import in a module refers to. None above the top package."""
    if not level:
        return name
    parts = module.split(".")
    length = len(parts) - level + (1 if is_package else 0)
    if length < 1:
        return None
    return ".".join([*parts[:length], *([name] if name else [])])


def resolve_import(importer: Module, name: str, level: int) -> str | None:
    """Return the dotted name that an import in a module refers to. None above the top package."""
    return resolve_name(name, level, importer.name, is_package=importer.is_package)


def ships_with_kfpkit(name: str) -> bool:
    """Whether a module of kfpkit belongs to the part that ships."""
    return _SHIPPED_KFPKIT.fullmatch(name) is not None


@dataclass(frozen=True, kw_only=True)
class Modules:
    """Finds the first-party modules below source roots, and remembers the results.

    Args:
        roots: The source roots, in order of precedence.
    """

    roots: tuple[Path, ...]
    _found: dict[str, Module | None] = field(default_factory=dict)

    def find(self, name: str) -> Module | None:
        """Find a module by its dotted name."""
        if name not in self._found:
            self._found[name] = self._search(name)
        return self._found[name]

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of all modules that have been found, sorted."""
        return tuple(
            sorted(Path(module.file) for module in self._found.values() if module and module.file)
        )

    def _search(self, name: str) -> Module | None:
        folders = self.folders_above(name)
        stem = name.rpartition(".")[2]
        namespace = []
        for folder in folders:
            base = os.path.join(folder, stem)  # noqa: PTH118 - a hot path; Path costs ten times more
            if os.path.isfile(base + "/__init__.py"):  # noqa: PTH113 - as above
                return Module(name=name, file=base + "/__init__.py", folders=(base,))
            if os.path.isfile(base + ".py"):  # noqa: PTH113 - as above
                return Module(name=name, file=base + ".py")
            if os.path.isdir(base):  # noqa: PTH112 - as above
                namespace.append(base)
        return Module(name=name, file=None, folders=tuple(namespace)) if namespace else None

    def folders_above(self, name: str) -> tuple[str, ...]:
        """Return the folders to search for the last part of a dotted name."""
        parent, _, _ = name.rpartition(".")
        if not parent:
            if name == "kfpkit":
                return (str(KFPKIT_FOLDER.parent),)
            return tuple(map(str, self.roots))
        package = self.find(parent)
        return package.folders if package else ()

    def compiled(self, name: str) -> Path | None:
        """Find the compiled extension that an import of a dotted name would load."""
        stem = name.rpartition(".")[2]
        for folder in self.folders_above(name):
            for candidate in sorted(Path(folder).glob(f"{stem}.*")):
                if candidate.suffix in {".so", ".pyd"}:
                    return candidate
        return None

    def name_of(self, file: Path) -> str:
        """Return the dotted name of a file.

        The innermost root that contains the file determines the name. A file outside the roots is
        named after its stem. Other characters are replaced to make an identifier, so that
        `my-pipeline.py` can ship.
        """
        real = file.resolve()
        roots = [*self.roots, KFPKIT_FOLDER.parent]
        for candidate in (file.absolute(), real):
            holding = [root for root in roots if candidate.is_relative_to(root)]
            if KFPKIT_FOLDER.parent in holding and not candidate.is_relative_to(KFPKIT_FOLDER):
                holding = [root for root in holding if root in self.roots]
            if holding:
                root = max(holding, key=lambda root: len(root.parts))
                return _make_dotted_name(candidate.relative_to(root))
        named = Path(file.parent.name, file.name) if file.stem == "__init__" else Path(file.name)
        return _make_dotted_name(named)


def _make_dotted_name(relative: Path) -> str:
    parts = list(relative.with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    elif parts == ["__main__"]:
        parts = ["main"]
    return ".".join(re.sub(r"\W|^(?=\d)", "_", part) for part in parts)
