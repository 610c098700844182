"""A project's source roots on Python's path, among those of other projects.

Python imports a name once in a process. If another project was loaded before in the same process,
such as in a notebook, a name of this project may lead to a module of the other one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from kfpkit.errors import LoadedElsewhereError
from kfpkit.project import Project

_LIBRARIES = sys.stdlib_module_names | {"kfpkit"}
_INSTALLED = frozenset({"site-packages", "dist-packages"})
# The roots of all projects that this process has loaded, unless Python had them on its path before.
_added: set[str] = set()


def put_first(project: Project) -> None:
    """Put a project's source roots first on `sys.path`.

    They stay there, because a function may import when it is called.
    """
    roots = [str(root) for root in project.source_roots]
    _added.update(root for root in roots if root not in sys.path)
    sys.path[:] = [*roots, *(entry for entry in sys.path if entry not in roots)]


def require_own_modules(project: Project) -> None:
    """Refuse a project if modules from elsewhere are loaded under names of its modules.

    Libraries are not meant: a file that ships and hides one of them is refused when it is added to
    a bundle. Nor is kfpkit, which may run in another clone of its repository.

    Args:
        project: The project.

    Raises:
        LoadedElsewhereError: A name leads to another file than in a process that has loaded nothing
            but this project.
    """
    roots = project.source_roots
    search = [*map(str, roots), *(entry for entry in sys.path if entry not in _added)]
    own = {entry.name.partition(".")[0] for root in roots for entry in root.iterdir()}
    for top in sorted(own.intersection(sys.modules) - _LIBRARIES):
        _require_own(top, search)


def _require_own(name: str, search: Sequence[str]) -> None:
    """Refuse a loaded module that is not the one that Python finds in these folders."""
    spec = PathFinder.find_spec(name, search)
    loaded = _find_place(name)
    if spec is None or loaded is None or _INSTALLED.intersection(loaded.parts):
        return
    folders = list(spec.submodule_search_locations or ())
    if spec.origin is None and loaded.is_dir():
        for child in [other for other in sys.modules if other.rpartition(".")[0] == name]:
            _require_own(child, folders)
        return
    found = Path(spec.origin or folders[0])
    if loaded != found.resolve():
        raise LoadedElsewhereError(module=name, loaded=loaded, own=found)


def _find_place(name: str) -> Path | None:
    """Return a loaded module's file, or the first folder of a package without an `__init__.py`."""
    module = sys.modules[name]
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
    return None if file is None else Path(file).resolve()
