"""What a bundle is: the files that one component needs, as a value."""

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
        path: Where it stands in the payload, relative, with forward slashes.
        content: Its bytes, as they arrive in the container.
        source: The author's file that they come from.
        chain: The imports that pulled it in, the component first.
    """

    path: str
    content: bytes
    source: Path
    chain: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExternalImport:
    """An import that neither the project nor the standard library provides.

    Args:
        module: The dotted name; for `from a import b` it is `a.b`.
        place: The import statement.
        namespace: A folder of the project, without `__init__.py`, that has the name's first part;
            then nothing but this folder or the environment can hold the module.
    """

    module: str
    place: Place
    namespace: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The files that one component needs.

    Args:
        module: The dotted name under which the component's module is imported in the container.
        function: The name of the component's function in that module.
        files: What ships, sorted by path.
        imports: What the environment has to provide.
        warnings: What could not be followed, in sentences.
        embedded: The name of the embedded file, `""` for an embedded folder, None without either.
        skipped: Hidden files and folders that do not ship with the folders that do.
        folders: Folders in which a file that appears may ship.
        consulted: Files that were read to decide, whether they ship or not.
        secrets: What looks like secrets and ships, since settings allow it.
        decisions: What became of each top-level statement of the component's own module.
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
        """The bundle as the bytes that are compressed and sent; `bootstrap.py` reads them."""
        embedded = "-" if self.embedded is None else "=" + self.embedded
        return serialize(
            [self.module, self.function, embedded],
            ((file.path, file.content) for file in self.files),
        )


def serialize(header: Iterable[str], files: Iterable[tuple[str, bytes]]) -> bytes:
    """Write a header of lines and then files, each with its path and size in front."""
    parts = ["".join(f"{line}\n" for line in header).encode()]
    for path, content in files:
        parts += [f"{path}\n{len(content)}\n".encode(), content]
    return b"".join(parts)
