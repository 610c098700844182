"""kfpkit's own environments, which a project can copy with their tested locks.

The build puts the repository's folder of environments into the wheel. In a clone, the folder itself
is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kfpkit.environments.environment import Environment
from kfpkit.errors import UnknownShippedEnvironmentError

ORIGIN = "kfpkit:"
"""What stands before the name of an environment of kfpkit's."""

_IN_WHEEL = Path(__file__).with_name("locked")
_IN_CLONE = Path(__file__).parents[3] / "environments"


def list_shipped_names() -> tuple[str, ...]:
    """Return the names of kfpkit's own environments, sorted."""
    return tuple(sorted(file.parent.name for file in _locate_folder().glob("*/pyproject.toml")))


def find_shipped_with(modules: Iterable[str]) -> tuple[str, ...]:
    """Return kfpkit's own environments in which components can import all given modules.

    Args:
        modules: The dotted names of the modules.
    """
    wanted = tuple(modules)
    known = (find_shipped(f"{ORIGIN}{name}") for name in list_shipped_names())
    runs = (environment for environment in known if environment.description.has_image)
    return tuple(each.name for each in runs if all(map(each.provides, wanted)))


def find_shipped(origin: str) -> Environment:
    """Find one of kfpkit's own environments.

    Args:
        origin: Its name with the prefix `kfpkit:`, such as "kfpkit:sklearn".

    Returns:
        The environment in kfpkit's folder. Its lock can be read and copied.

    Raises:
        UnknownShippedEnvironmentError: kfpkit doesn't provide the environment.
    """
    known = list_shipped_names()
    name = origin.removeprefix(ORIGIN)
    if not origin.startswith(ORIGIN) or name not in known:
        raise UnknownShippedEnvironmentError(origin=origin, known=known)
    return Environment(name=name, folder=_locate_folder() / name, registry="kfpkit")


def _locate_folder() -> Path:
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CLONE
