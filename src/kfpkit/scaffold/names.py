"""The valid names of a new project and its package."""

from __future__ import annotations

import importlib.metadata
import keyword
import re
import sys
from collections.abc import Iterable

from kfpkit.environments import Environment
from kfpkit.errors import InvalidProjectNameError

NAME_RULE = "lower-case letters and digits, with `-` or `_` between them, a letter first"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST = 64
# Folders beside the package, which imports could mean, and tools that are locked with the project.
_TAKEN = {"build", "cloudbuild", "environments", "pipelines", "src", "tests", "wheels"}
_TOOLS = {"kfp", "kfpkit", "mypy", "pytest", "ruff", "uv"}


def name_package(name: str, environments: Iterable[Environment]) -> str:
    """Return the package of a project, which must not hide another module.

    Args:
        name: The project's name.
        environments: The environments of its components.

    Returns:
        The name in a form that an import statement can contain.

    Raises:
        InvalidProjectNameError: The project's or package's name is invalid or taken.
    """
    package = name.replace("-", "_")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        problem = f"must consist of {NAME_RULE}, {_LONGEST} characters at most"
        raise InvalidProjectNameError(name=name, problem=problem, suggestion=_suggest(name))
    conflict = _find_conflict(package, environments)
    if conflict is not None:
        raise InvalidProjectNameError(name=name, problem=conflict, suggestion=f"{name}-pipelines")
    return package


def _find_conflict(package: str, environments: Iterable[Environment]) -> str | None:
    if keyword.iskeyword(package) or keyword.issoftkeyword(package):
        return "is a Python keyword"
    if package in sys.stdlib_module_names:
        return f"would hide the module `{package}` of Python's standard library"
    if package in _TAKEN:
        return "is the name of another folder of the project"
    for environment in environments:
        distribution = environment.provides(package)
        if distribution is not None:
            return f"would hide `{package}` of the distribution `{distribution.name}`"
    if package in _TOOLS or package in importlib.metadata.packages_distributions():
        return f"would hide the installed package `{package}`"
    return None


def _suggest(name: str) -> str | None:
    """Return a similar name that is valid."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower())
    suggested = "-".join(words).lstrip("0123456789-")[:_LONGEST].rstrip("-")
    return suggested if _NAME.fullmatch(suggested) else None
