"""What becomes of modules when they load, for this Python and, run as a program, for any other.

python -S outcomes.py FOLDER SOURCES [--real]     prints the outcomes as JSON
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from placeholders import patterns

from kfpkit.placeholders import Load, placeholders


def provisions():
    """Return what two environments provide."""
    return {
        name: SimpleNamespace(distribution=distribution, environments=("gcp", "sklearn"))
        for name, distribution in patterns.ABSENT.items()
    }


def outcome_of(pattern, folder: Path) -> list:
    """Load a module and return how that ends: `works` or the error's class, its text, its line."""
    load = Load(project=folder, roots=lambda: (folder,), provisions=provisions)
    return _outcome(pattern, folder, lambda: placeholders(load))


def real_outcome_of(pattern, folder: Path) -> list:
    """Load a module with the packages that are installed."""
    return _outcome(pattern, folder, contextlib.nullcontext)


def _outcome(pattern, folder, window) -> list:
    for name, text in {"features.py": pattern.source, **pattern.beside}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with _own_imports(folder), contextlib.redirect_stdout(io.StringIO()):
        try:
            with window():
                importlib.import_module("features")
        except BaseException as error:  # noqa: BLE001 - all of them are outcomes
            return [type(error).__name__, _text(error), _line(error, folder)]
    return [patterns.WORKS, "", 0]


@contextlib.contextmanager
def _own_imports(folder) -> Iterator[None]:
    path, known = list(sys.path), set(sys.modules)
    sys.path[:0] = [str(folder), str(folder / "site-packages")]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - known:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(str(folder)):
                del sys.modules[name]


def _text(error) -> str:
    try:
        return str(error)
    except Exception as other:  # noqa: BLE001 - the text needs a value too
        return str(other)


def _line(error, folder) -> int:
    place = getattr(error, "place", None)
    if place is not None:
        return place.line
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == str(folder / "features.py")]
    return own[-1].lineno if own else 0


if __name__ == "__main__":
    base, *sites = sys.argv[1:]
    sys.path.extend(sites)
    outcome = real_outcome_of if sites else outcome_of
    found = {
        each.name: outcome(each, Path(base) / str(number))
        for number, each in enumerate(patterns.patterns())
        if sys.version_info >= (3, each.python)
    }
    sys.stdout.write(json.dumps(found))
