"""The results of the author's import statements for packages that aren't installed."""

from __future__ import annotations

import opcode
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, ModuleType

from kfpkit.errors import StarImportError
from kfpkit.place import Place
from kfpkit.placeholders.guards import is_guarded
from kfpkit.placeholders.load import Load, Package, note_answer, parents
from kfpkit.placeholders.objects import make_missing_module, make_namespace

_IMPORT_NAME = opcode.opmap["IMPORT_NAME"]


class Answers:
    """Answers import statements while one load is in progress.

    Args:
        load: The load.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self.plain: set[str] = set()
        """Modules that were imported and are in no namespace; nothing is to be added to them."""

    def to_failure(
        self, name: str, names: Sequence[str], error: ModuleNotFoundError, frame: FrameType
    ) -> ModuleType | None:
        """Answer a statement with a module that wasn't found.

        Args:
            name: The imported module.
            names: The names that are imported from it, if any.
            error: The error of the import.
            frame: The frame with the statement.

        Returns:
            The result of the statement. None if it must fail as usual.

        Raises:
            StarImportError: The statement imports all names of a module that isn't installed.
        """
        missing = error.name or name
        if not self._is_authors_statement(frame) or sys.modules.get(missing, self) is None:
            return None
        asked = [name] if self._load.package_of(name) else [f"{name}.{each}" for each in names]
        found = {path: package for path in asked if (package := self._absent(path, missing))}
        is_above = not names and name in self._load.namespaces and _starts(name, missing)
        if not (found or is_above) or is_guarded(frame, self._load):
            return None
        if "*" in names:
            raise self._star(name, frame)
        for path, package in found.items():
            self._add(path, package, frame)
        return self._bound(name, names)

    def to_success(
        self, name: str, names: Sequence[str], module: ModuleType, frame: FrameType
    ) -> ModuleType:
        """Answer a statement with a module that was found, if the module is a namespace.

        Args:
            name: The imported module.
            names: The names that are imported from it, if any.
            module: The result of the statement without placeholders.
            frame: The frame with the statement.
        """
        if not _is_namespace(name.partition(".")[0]):
            self.plain.add(name)
            return module
        bound = name if names else name.partition(".")[0]
        if (
            "*" in names
            or not self._is_authors_statement(frame)
            or bound not in self._load.namespaces
            or not _is_namespace(bound)
        ):
            return module
        absent = [f"{name}.{each}" for each in names if not hasattr(module, each)]
        found = {path: package for path in absent if (package := self._load.package_of(path))}
        if found and is_guarded(frame, self._load):
            return module
        for path, package in found.items():
            self._add(path, package, frame)
        for path in (name, *(f"{name}.{each}" for each in names)):
            self._overlay(path)
        return self._bound(name, names)

    def _absent(self, path: str, missing: str) -> Package | None:
        """Return the package of a module if this is the one that wasn't found."""
        package = self._load.package_of(path)
        if package is None or not _starts(package.name, missing):
            return None
        above = parents(package.name)
        # A part that a package of several distributions lacks is missing there for good.
        if any(parent in sys.modules and not _is_namespace(parent) for parent in above):
            return None
        return package

    def _add(self, path: str, package: Package, frame: FrameType) -> None:
        for above in (*parents(path), path):
            if _starts(above, package.name):
                make_missing_module(above, package)
            else:
                make_namespace(above)
        note_answer(self._load, str(frame.f_globals.get("__file__")), frame.f_lineno, package)

    def _overlay(self, path: str) -> None:
        for above in (*parents(path), path):
            if above in self._load.namespaces and _is_namespace(above):
                make_namespace(above)

    def _bound(self, name: str, names: Sequence[str]) -> ModuleType:
        """Return the result of the import system: the module, or its top-level package."""
        path = name if names else name.partition(".")[0]
        package = self._load.package_of(path)
        return make_missing_module(path, package) if package else make_namespace(path)

    def _is_authors_statement(self, frame: FrameType) -> bool:
        """Distinguish the author's import statements from other imports and from libraries."""
        file = frame.f_globals.get("__file__")
        if not isinstance(file, str) or not self._load.owns(file):
            return False
        return frame.f_code.co_code[frame.f_lasti] == _IMPORT_NAME

    def _star(self, name: str, frame: FrameType) -> StarImportError:
        package = self._load.package_of(name)
        return StarImportError(
            place=Place(Path(frame.f_code.co_filename), frame.f_lineno),
            module=name,
            distribution=package.distribution if package else name,
            environments=package.environments if package else (),
        )


def _is_namespace(name: str) -> bool:
    """Return whether an imported module is a folder without `__init__.py`."""
    module = sys.modules.get(name)
    # Asking a lazy module for an attribute would load it.
    return type(module) is ModuleType and (
        module.__dict__.get("__file__") is None and "__path__" in module.__dict__
    )


def _starts(name: str, with_name: str) -> bool:
    return f"{name}.".startswith(f"{with_name}.")
