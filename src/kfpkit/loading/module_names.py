"""The dotted name under which a pipeline file is imported, and names that it can't have."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

from kfpkit.errors import ShadowingError
from kfpkit.project import Project

# What kfpkit and KFP's client import only when they need it.
IMPORTED_LATER = frozenset(
    {
        *(
            "docker",
            "filelock",
            "platformdirs",
            "pydantic",
            "pydantic_core",
            "requests",
            "rich",
            "urllib3",
            "uv",
        ),
        *("kfp_server_api", "kubernetes", "requests_toolbelt", "tabulate"),
    }
)


def find_dotted_name(file: Path, project: Project) -> str | None:
    """Return a file's dotted name below the project's source roots.

    Args:
        file: The file, as a resolved path.
        project: Its project.

    Returns:
        The name. None outside the roots, or if no import statement can contain it.
    """
    for root in project.source_roots:
        if file.is_relative_to(root):
            parts = file.relative_to(root).with_suffix("").parts
            if all(part.isidentifier() for part in parts):
                return ".".join(parts)
    return None


def require_own_name(name: str, file: Path, project: Project) -> None:
    """Refuse a file with a name that leads to another module.

    Args:
        name: The file's dotted name.
        file: The file.
        project: Its project.

    Raises:
        ShadowingError: The standard library, kfpkit or KFP uses a module with this name.
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        raise ShadowingError(module=top, file=file, hides=f"`{top}` of the standard library")
    loaded = getattr(sys.modules.get(top), "__file__", None) or _find_imported_later(top, project)
    own = [path for root in project.source_roots for path in (root / top, root / f"{top}.py")]
    if loaded and not any(Path(loaded).resolve().is_relative_to(path) for path in own):
        raise ShadowingError(module=top, file=file, hides=f"the installed `{loaded}`")


def _find_imported_later(top: str, project: Project) -> str | None:
    """Return a library's file that will be imported after the author's modules take precedence."""
    if top not in IMPORTED_LATER:
        return None
    others = [entry for entry in sys.path if Path(entry).resolve() not in project.source_roots]
    spec = PathFinder.find_spec(top, others)
    return spec.origin if spec else None
