"""Receives the files of a bundle, and refuses those that cannot ship."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.bundle.bundle import ShippedFile
from kfpkit.bundle.modules import KFPKIT_FOLDER, Module, Modules
from kfpkit.errors import OutsideLinkError, ShadowingError, TwoFilesError, TwoNamesError
from kfpkit.place import Place


@dataclass(kw_only=True)
class Shipment:
    """Files by their paths in the payload.

    Args:
        inside: Folders from which files may ship.
        files: The files that ship.
    """

    inside: tuple[Path, ...]
    files: dict[str, ShippedFile] = field(default_factory=dict, init=False)
    _names: dict[tuple[int, int], str] = field(default_factory=dict, init=False)
    _folders: dict[str, str] = field(default_factory=dict, init=False)

    def put(self, path: str, content: bytes, source: Path, chain: tuple[str, ...]) -> None:
        """Add a file, unless its path is taken.

        Raises:
            TwoFilesError: Another data file has the same path.
        """
        file = ShippedFile(path=path, content=content, source=source, chain=chain)
        first = self.files.setdefault(path, file)
        # Of two modules of one name Python imports the first.
        if first.content != content and not path.endswith(".py"):
            raise TwoFilesError(path=path, files=(first.source, source))

    def refuse_outside(self, file: str) -> None:
        """Refuse a file that is a link to a place outside the project."""
        target = self.outside(file)
        if target is not None:
            raise OutsideLinkError(file=Path(file), target=target)

    def outside(self, file: str) -> Path | None:
        """Return the target of a link that leads out of the project."""
        folder = os.path.dirname(file)  # noqa: PTH120 - a hot path; Path costs ten times more
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        if folder == self._folders[folder] and not os.path.islink(file):  # noqa: PTH114 - as above
            return None
        real = Path(file).resolve()
        inside = any(real.is_relative_to(each) for each in (*self.inside, KFPKIT_FOLDER))
        return None if inside else real

    def refuse_second_name(self, module: Module, modules: Modules, place: Place) -> None:
        """Refuse a file that already ships under another module's name.

        Raises:
            TwoNamesError: It does. The name below the innermost source root comes first.
        """
        status = os.stat(module.file or "")  # noqa: PTH116 - a hot path; Path costs ten times more
        first = self._names.setdefault((status.st_dev, status.st_ino), module.name)
        if first != module.name:
            file = Path(module.file or "")
            names = (first, module.name)
            if module.name == modules.name_of(file):
                names = (module.name, first)
            raise TwoNamesError(file=file, names=names, place=place)


def refuse_shadowing(module: Module, modules: Modules) -> None:
    """Refuse a module that would hide one of the standard library, or kfp.

    Raises:
        ShadowingError: It would. The error names the file of the topmost package.
    """
    top = module.name.partition(".")[0]
    if top in sys.stdlib_module_names:
        hides = f"`{top}` of the standard library"
    elif top == "kfp":
        hides = "kfp itself"
    else:
        return
    found = modules.find(top)
    file = found.file if found and found.file else module.file
    raise ShadowingError(module=top, file=Path(file or ""), hides=hides)
