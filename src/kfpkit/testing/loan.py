"""What tests in an environment borrow from the author's side: pytest and its plug-ins.

A locked environment contains what tasks need, which doesn't include pytest. pytest and most
plug-ins are pure Python, so the Python of an environment can import the author's.
"""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from kfpkit.errors import PytestNotLentError

_PYTEST = "pytest"
# They are for a session as a whole, which is the author's.
_NOT_LENT = frozenset({"kfpkit", "pytest-cov", "pytest-xdist"})


@dataclass(frozen=True, kw_only=True)
class Loan:
    """The author's packages that a Python of another version can import.

    Args:
        first: The folders of top-level modules that take precedence over the environment's own.
        last: The folders of top-level modules that come after the environment's own.
        distributions: The folders of metadata, by normalized name.
        plugins: The modules of plug-ins.
    """

    first: Mapping[str, str]
    last: Mapping[str, str]
    distributions: Mapping[str, str]
    plugins: tuple[str, ...]


@functools.cache
def make_loan(python: str) -> Loan:
    """Determine what a Python can borrow.

    Args:
        python: Its version, such as "3.12".

    Returns:
        pytest with its dependencies, and the plug-ins that it can import.

    Raises:
        PytestNotLentError: pytest itself doesn't support that version, or one of its dependencies
            there isn't installed.
    """
    needed = _find_closure(_PYTEST, python)
    problems = [*_find_unsuitable(needed, python)]
    if problems:
        raise PytestNotLentError(python=python, problems=problems)
    lent = {name: found for name, found in needed.items() if found is not None}
    plugins: list[str] = []
    for name, modules in _find_plugins():
        wanted = _find_closure(name, python)
        parts = {part: found for part, found in wanted.items() if found is not None}
        if not any(_find_unsuitable(wanted, python)) and all(map(_is_pure, parts.values())):
            lent.update(parts)
            plugins += modules
    places = [place for found in lent.values() for place in _list_modules(found)]
    own = {name for name, _ in _list_modules(importlib.metadata.distribution(_PYTEST))} | {"pluggy"}
    return Loan(
        first={name: folder for name, folder in places if name in own},
        last={name: folder for name, folder in places if name not in own},
        distributions={name: str(_metadata(found)) for name, found in lent.items()},
        plugins=tuple(plugins),
    )


def _find_closure(name: str, python: str) -> dict[str, Distribution | None]:
    """Find a distribution and all its dependencies on a Python. None if one isn't installed."""
    marked = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    found: dict[str, Distribution | None] = {}
    waiting = [canonicalize_name(name)]
    while waiting:
        wanted = waiting.pop()
        if wanted in found:
            continue
        try:
            found[wanted] = distribution = importlib.metadata.distribution(wanted)
        except importlib.metadata.PackageNotFoundError:
            found[wanted] = None
            continue
        waiting += [
            canonicalize_name(requirement.name)
            for requirement in map(Requirement, distribution.requires or ())
            if requirement.marker is None or requirement.marker.evaluate(marked)
        ]
    return found


def _find_unsuitable(found: Mapping[str, Distribution | None], python: str) -> Iterator[str]:
    for name, distribution in found.items():
        if distribution is None:
            yield f"`{name}` is not installed next to pytest"
            continue
        metadata = distribution.metadata
        [wanted] = metadata.get_all("Requires-Python", [""])
        if wanted and not SpecifierSet(wanted).contains(f"{python}.99"):
            yield f"`{name}` {distribution.version} needs Python {wanted}"


def _find_plugins() -> Iterator[tuple[str, list[str]]]:
    """Yield the distributions with plug-ins, and the modules of these."""
    for distribution in importlib.metadata.distributions():
        name = canonicalize_name(distribution.metadata["Name"] or "")
        points = distribution.entry_points
        modules = [point.value for point in points if point.group == "pytest11"]
        if modules and name not in _NOT_LENT:
            yield name, modules


def _is_pure(distribution: Distribution) -> bool:
    """Return whether a distribution is the same on every Python."""
    return "Root-Is-Purelib: true" in (distribution.read_text("WHEEL") or "")


def _list_modules(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Yield the top-level modules of a distribution, with their folders."""
    folder = str(distribution.locate_file(""))
    for file in distribution.files or ():
        if file.suffix == ".py" and file.parts[0] != "..":
            yield file.parts[0].removesuffix(".py"), folder


def _metadata(distribution: Distribution) -> Path:
    """Return the folder of a distribution's metadata."""
    files = distribution.files or ()
    return next(Path(file.locate()).parent for file in files if file.name == "METADATA")
