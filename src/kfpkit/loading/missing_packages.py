"""Finds imports that neither the author's interpreter nor an environment provides."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

from kfpkit.bundle.reading import read_source
from kfpkit.errors import UnparsableSourceError
from kfpkit.place import Place
from kfpkit.placeholders import Load


def find_missing_packages(error: BaseException, load: Load) -> Mapping[str, Place]:
    """Find the missing modules after an import of the author's files has failed.

    Python stops at the first one. This function also looks up the file's other imports at module
    level, so that the author can add all of them together.

    Args:
        error: The error that the author's code raised while it was loaded.
        load: The load.

    Returns:
        The modules with the places of their imports, starting with the one that failed. Empty if
        the error has another cause, or the import isn't the author's.
    """
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return {}
    # The frame of what answers imports is no file's.
    called = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in called if not frame.filename.startswith("<")]
    if not frames or not load.owns(frames[-1].filename) or _is_known(error.name, load):
        return {}
    file = Path(frames[-1].filename)
    found = {error.name: Place(file, frames[-1].lineno)}
    for module, line in _imported(file):
        top = module.partition(".")[0]
        others = {name.partition(".")[0] for name in found}
        if top not in others and not _is_known(module, load) and not _is_installed(top):
            found[module] = Place(file, line)
    return found


def _imported(file: Path) -> Iterator[tuple[str, int]]:
    try:
        source = read_source(str(file))
    except UnparsableSourceError:
        return
    for statement in source.imports:
        if not (statement.optional or statement.in_function or statement.level):
            yield statement.module, statement.line


def _is_known(module: str, load: Load) -> bool:
    top = module.partition(".")[0]
    return bool(top in sys.modules or load.package_of(module) or top in load.namespaces)


def _is_installed(top: str) -> bool:
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
