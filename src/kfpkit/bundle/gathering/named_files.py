"""Finds the data files that code names by paths beside a module."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from kfpkit.bundle.gathering.constants import PathConstants
from kfpkit.bundle.gathering.credentials import SecretRules
from kfpkit.bundle.gathering.data_files import COMPILED_SUFFIXES, is_byte_code, is_skipped, leads_up
from kfpkit.bundle.gathering.shipment import Shipment
from kfpkit.bundle.gathering.unseen import Reason, UnshippedFile
from kfpkit.bundle.modules import Module, Modules, module_path, resolve_import
from kfpkit.bundle.reading import ImportStatement, read_references
from kfpkit.bundle.reading.paths import BELOW, STEM, UP, FilePath, FileReference, Part
from kfpkit.place import Place

_MOST_BYTES = 1 << 20
_MOST_FILES = 1000
_MOST_FOLDERS = 2000
_WIDE = frozenset({"*", "**"})


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """A file that ships because code names it.

    Args:
        path: Its path in the payload.
        file: Its path on the disk.
        content: Its bytes.
    """

    path: str
    file: Path
    content: bytes


@dataclass(frozen=True, kw_only=True)
class _Location:
    """The location of a path, up to its first pattern.

    Args:
        path: Its path in the payload. None if it is outside the payload.
        file: The file or folder.
        patterns: The rest of the path.
        around: Whether it is a folder that contains the module at which the path begins.
    """

    path: str | None
    file: str
    patterns: tuple[Part, ...]
    around: bool


@dataclass(kw_only=True)
class NamedFiles:
    """Finds the files that modules name.

    Args:
        modules: Finds first-party modules.
        shipment: Decides where files may come from.
        rules: Decides which secrets may ship.
        constants: The paths that modules keep as constants.
        unshipped: Named files that don't ship.
        folders: Folders in which a new file would be found.
        skipped: Hidden files and folders in these folders. They don't ship.
    """

    modules: Modules
    shipment: Shipment
    rules: SecretRules
    constants: PathConstants
    unshipped: list[UnshippedFile] = field(default_factory=list, init=False)
    folders: set[Path] = field(default_factory=set, init=False)
    skipped: set[Path] = field(default_factory=set, init=False)

    def find(
        self, module: Module, content: bytes, imports: Iterable[ImportStatement]
    ) -> Iterator[tuple[Place, NamedFile | Module]]:
        """Find the files that a module names, and the packages in these paths.

        Args:
            module: The module.
            content: The part of the module that ships.
            imports: Its imports.
        """
        known = self.constants.imported(module, imports)
        references = read_references(content, tuple(sorted(known.items())))
        for reference in references:
            place = Place(Path(module.file or ""), reference.line)
            begin = self._begin(reference.path, module)
            if begin is None:
                continue
            if begin != module:
                yield place, begin
            for location in _find_locations(begin, reference.path.parts):
                yield from ((place, each) for each in self._at(location, reference, place))

    def _begin(self, path: FilePath, module: Module) -> Module | None:
        if not path.module:
            on_disk = module.file is not None and Path(module.file).is_file()
            return module if on_disk else None
        name = path.module.lstrip(".")
        absolute = resolve_import(module, name, len(path.module) - len(name))
        return self.modules.find(absolute) if absolute else None

    def _at(self, location: _Location, reference: FileReference, place: Place) -> list[NamedFile]:
        file = Path(location.file)
        if location.around and not location.patterns:
            return []
        if location.around and all(part.text in _WIDE for part in location.patterns):
            return self._tell("wide", location, place)
        if not file.exists():
            self.folders.add(next(each for each in file.parents if each.is_dir()))
            needed = reference.is_read and not reference.is_optional and not location.patterns
            return self._tell("missing", location, place) if needed else []
        if location.path is None:
            needed = file.is_file() or bool(location.patterns)
            return self._tell("outside", location, place) if needed else []
        return self._files(location, file, reference, place)

    def _files(
        self, location: _Location, file: Path, reference: FileReference, place: Place
    ) -> list[NamedFile]:
        """Find the files. Modules count only if a name or a pattern ends like a module."""
        last = location.patterns[-1].text if location.patterns else file.name
        found: dict[str, NamedFile] = {}
        size = 0
        for each in self._matching(file, location.patterns):
            below = each.relative_to(file).as_posix()
            path = "/".join(part for part in (location.path, below) if part and part != ".")
            if path in found or (each.suffix == ".py" and not last.endswith(".py")):
                continue
            size += each.stat().st_size
            if size > _MOST_BYTES or len(found) == _MOST_FILES or len(self.folders) > _MOST_FOLDERS:
                return self._tell("large", location, place)
            made = NamedFile(path=path, file=each, content=each.read_bytes())
            reason = self._obstacle(made, reference, is_named=each == file)
            if reason:
                self._tell(reason, replace(location, file=str(each)), place)
            else:
                found[path] = made
        return list(found.values())

    def _obstacle(
        self, made: NamedFile, reference: FileReference, *, is_named: bool
    ) -> Reason | None:
        """Return why a file doesn't ship. A secret that code needs is refused later."""
        if made.file.suffix in COMPILED_SUFFIXES:
            return "compiled"
        if self.shipment.outside(str(made.file)) is not None:
            return "link"
        secrets = self.rules.secrets_in(made.file, made.content)
        refused = [secret for secret in secrets if not self.rules.allows(secret)]
        # Where files of variables are missing, what loads them goes on without a word.
        tolerated = reference.is_optional or (
            not reference.is_read and all(secret.place.line is None for secret in refused)
        )
        return "secret" if refused and (tolerated or not is_named) else None

    def _matching(self, file: Path, patterns: tuple[Part, ...]) -> Iterator[Path]:
        """Yield the files that match patterns, and everything below a matching folder."""
        if file.is_file():
            yield from () if patterns else (file,)
            return
        self.folders.add(file)
        for entry in sorted(file.iterdir()) if len(self.folders) <= _MOST_FOLDERS else ():
            for rest in _after(entry.name, patterns):
                # A pattern such as `*.sql` means hidden files too, as `Path.glob` does.
                if is_skipped(entry.name) and (entry.is_dir() or rest or not _has_text(patterns)):
                    self.skipped.update(() if is_byte_code(entry.name) else (entry,))
                elif not entry.is_dir():
                    fits = entry.is_file() and all(part == BELOW for part in rest)
                    yield from (entry,) if fits else ()
                elif not leads_up(entry):
                    yield from self._matching(entry, rest)

    def _tell(self, reason: Reason, location: _Location, place: Place) -> list[NamedFile]:
        package = (location.path or "").replace("/", ".")
        told = UnshippedFile(place=place, reason=reason, file=Path(location.file), package=package)
        self.unshipped += [] if told in self.unshipped else [told]
        return []


def _has_text(patterns: tuple[Part, ...]) -> bool:
    return any(part.text.strip("*?") for part in patterns[-1:])


def _after(name: str, patterns: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """Return the remaining patterns after a name that matches the first ones."""
    if not patterns:
        return [()]
    first, rest = patterns[0], patterns[1:]
    if first == BELOW:
        return [patterns, *_after(name, rest)]
    fits = fnmatchcase(name, first.text) if first.pattern else name == first.text
    return [rest] if fits else []


def _find_locations(module: Module, parts: tuple[Part, ...]) -> list[_Location]:
    """Follow a path from a module's file and, if that is a link, from the link's target."""
    length = next((n for n, part in enumerate(parts) if part.pattern), len(parts))
    way, patterns = parts[:length], parts[length:]
    if not parts or UP in patterns:
        return []
    files = [module.file] if module.file else [f"{each}/__init__.py" for each in module.folders]
    files += [real for real in map(os.path.realpath, files) if real not in files]
    found = [_follow(each, module, way, patterns) for each in files]
    return [each for each in found if Path(each.file).exists()] or found[:1]


def _follow(
    begin: str, module: Module, way: tuple[Part, ...], patterns: tuple[Part, ...]
) -> _Location:
    stem = Path(begin).stem
    inside = list(PurePosixPath(module_path(module.name, is_package=module.is_package)).parts)
    own_stem = PurePosixPath(inside[-1]).stem
    file = begin
    outside = False
    for part in way:
        if part == UP:
            file = os.path.dirname(file)  # noqa: PTH120 - of the text, through no link
            outside = outside or not inside
            inside = inside[:-1]
        else:
            file = f"{file}/{part.text.replace(STEM, stem)}"
            inside.append(part.text.replace(STEM, own_stem))
    return _Location(
        path=None if outside else "/".join(inside),
        file=file,
        patterns=patterns,
        around=begin.startswith(f"{file}/"),
    )
