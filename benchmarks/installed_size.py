"""Installed size of what an author needs to compile, without byte code, pip and setuptools."""

from __future__ import annotations

from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.figures import Figure


def measure() -> list[Figure]:
    """Add up the files of kfpkit, without extras, and of all that it depends on."""
    sizes = {name: _size(name) for name in _closure("kfpkit")}
    return [
        Figure(
            name="installed size for compile",
            value=sum(sizes.values()) / 1e6,
            unit="MB",
            bar=80,
            below=True,
        ),
        Figure(name="installed distributions for compile", value=len(sizes), unit="distributions"),
    ]


def _closure(name: str) -> set[str]:
    found: set[str] = set()
    waiting = [Requirement(name)]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if name not in found or requirement.extras:
            found.add(name)
            waiting += [
                needed
                for needed in map(Requirement, distribution(name).requires or [])
                if needed.marker is None
                or any(needed.marker.evaluate({"extra": extra}) for extra in extras)
            ]
    return found


def _size(name: str) -> int:
    files = distribution(name).files or []
    paths = [file.locate() for file in files if file.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())  # type: ignore[attr-defined]
