"""The packages whose shares are printed, and what each has to reach."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

SOURCES = "src/kfpkit"
TEMPLATE = f"{SOURCES}/scaffold/template/"  # a project of its own, which its own tests run
STRICT = 0.90
BAR = 0.85
_BARS = {"bundle": STRICT, "authoring": STRICT}
# What loads pipelines and decorates functions is one package to a reader, whatever its files.
_AUTHORING = {"authoring", "component", "loading", "placeholders"}


def source_files(root: Path) -> list[str]:
    """Return the files that may get a fault, relative to the repository."""
    found = (file.relative_to(root).as_posix() for file in (root / SOURCES).rglob("*.py"))
    return sorted(file for file in found if not file.startswith(TEMPLATE))


def package_of(file: str) -> str:
    """Name the package of a file, given relative to the repository."""
    inside = PurePosixPath(file).relative_to(SOURCES)
    top = inside.parts[0].removesuffix(".py")
    if top in _AUTHORING:
        return "authoring"
    return top if len(inside.parts) > 1 else "top"


def bar_of(package: str) -> float:
    """Return the share of faults that tests have to catch in a package."""
    return _BARS.get(package, BAR)
