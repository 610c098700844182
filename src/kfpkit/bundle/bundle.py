"""The bundle: the files that one component needs, as a value."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kfpkit.bundle.own_module.deciding import Decision
from kfpkit.errors import Secret
from kfpkit.place import Place

EMBEDDED_FOLDER = ".embedded"


@dataclass(frozen=True, kw_only=True)
class ShippedFile:
    """One file of a bundle.

    Args:
        path: Its relative path in the payload, with forward slashes.
        content: Its bytes in the container.
        source: The author's file that contains them.
        chain: The imports that pulled it in, starting with the component.
    """

    path: str
    content: bytes
    source: Path
    chain: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExternalImport:
    """An import that neither the project nor the standard library provides.

    Args:
        module: The dotted name. `from a import b` has the name `a.b`.
        place: The place of the import statement.
        namespace: A folder of the project without `__init__.py` that has the first part of the
            name. If it exists, only this folder or the environment can contain the module.
    """

    module: str
    place: Place
    namespace: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The files that one component needs.

    Args:
        module: The dotted name under which the container imports the component's module.
        function: The name of the component's function in that module.
        files: The files that ship, sorted by path.
        imports: The imports that the environment must provide.
        warnings: Sentences about code that couldn't be followed.
        embedded: The name of the embedded file. `""` for an embedded folder, None if nothing is
            embedded.
        skipped: Hidden files and folders that don't ship with their folder.
        folders: Folders in which a new file may ship.
        consulted: Files that were read to decide what ships, including those that don't ship.
        secrets: Possible secrets that ship because the settings allow them.
        decisions: The decision about each top-level statement of the component's own module.
    """

    module: str
    function: str
    files: tuple[ShippedFile, ...]
    imports: tuple[ExternalImport, ...] = ()
    warnings: tuple[str, ...] = ()
    embedded: str | None = None
    skipped: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    consulted: tuple[Path, ...] = ()
    secrets: tuple[Secret, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def own_module(self) -> ShippedFile:
        """The component's own module, as it ships."""
        path = self.module.replace(".", "/")
        return next(
            file for file in self.files if file.path in {f"{path}.py", f"{path}/__init__.py"}
        )

    @functools.cached_property
    def digest(self) -> str:
        """The SHA-256, in hex, of the names, paths and uncompressed contents."""
        return hashlib.sha256(self.serialized).hexdigest()

    @functools.cached_property
    def serialized(self) -> bytes:
        """The bundle as the bytes to compress and send. `bootstrap.py` reads them."""
        embedded = "-" if self.embedded is None else "=" + self.embedded
        return serialize(
            [self.module, self.function, embedded],
            ((file.path, file.content) for file in self.files),
        )


def serialize(header: Iterable[str], files: Iterable[tuple[str, bytes]]) -> bytes:
    """Serialize lines of a header and then files, each preceded by its path and size."""
    parts = ["".join(f"{line}\n" for line in header).encode()]
    for path, content in files:
        parts += [f"{path}\n{len(content)}\n".encode(), content]
    return b"".join(parts)
