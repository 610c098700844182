"""Finds the problems of an environment without a network and without a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kfpkit.environments.environment import Environment
from kfpkit.environments.files import LockedPackage, wheels
from kfpkit.environments.finding import (
    find_environment,
    list_environment_names,
    require_environments,
)
from kfpkit.environments.freshness import require_fresh
from kfpkit.environments.recipe import RUNTIME_FILE
from kfpkit.errors import EnvironmentsError, InvalidEnvironmentError
from kfpkit.project import Project


def check_environments(
    project: Project, names: Sequence[str] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find everything that prevents the use of environments.

    Args:
        project: The project.
        names: The environments' names; all when empty.

    Yields:
        Each name, with a message for each problem of that environment.

    Raises:
        NoEnvironmentsError: No names are given, and the project has no environments.
        UnknownEnvironmentError: An environment doesn't exist.
    """
    if not names:
        require_environments(project)
    for name in names or list_environment_names(project):
        yield name, _check(project, name)


def check_environment(environment: Environment) -> tuple[str, ...]:
    """Find everything that prevents the use of an environment.

    Args:
        environment: The environment.

    Returns:
        A message for each problem, with its remedy. Empty if there are none.
    """
    checks = (
        _find_description_problems,
        _find_freshness_problems,
        find_lock_problems,
        _find_runtime_problems,
    )
    return tuple(
        dict.fromkeys(
            problem for check in checks for problem in _collect_problems(check, environment)
        )
    )


def _check(project: Project, name: str) -> tuple[str, ...]:
    try:
        return check_environment(find_environment(project, name))
    except InvalidEnvironmentError as error:
        return (str(error),)


def find_lock_problems(environment: Environment) -> list[str]:
    """Find what a lock must not contain: packages without a wheel, addresses, and kfp.

    Args:
        environment: The environment.

    Returns:
        A message for each problem, with its remedy.

    Raises:
        StaleLockError: There is no lock.
        BrokenLockError: The lock can't be read.
        InvalidEnvironmentError: The `pyproject.toml` doesn't specify a Python version.
    """
    python = environment.description.python
    packages = environment.lock.content.packages
    return [
        *(_explain_own_kfp() for package in packages if package.name == "kfp"),
        *(_explain_foreign_source(package) for package in packages if package.source),
        *(
            _explain_missing_wheel(package, python)
            for package in environment.lock.content.installed(python)
            if not wheels.choose_wheels(package.files, python)
        ),
    ]


def _explain_own_kfp() -> str:
    return (
        "`kfp` is locked, but every environment contains its runtime anyway. Remove it from the "
        "dependencies."
    )


def _explain_foreign_source(package: LockedPackage) -> str:
    """Name a source without its address, which may contain a password."""
    return (
        f"`{package.name}` is locked from a separate {package.source}, whose address is in the "
        "lock. Remove the source or the path from pyproject.toml, and set the index in "
        "`POETRY_PYPI_MIRROR_URL` and `UV_DEFAULT_INDEX`."
    )


def _explain_missing_wheel(package: LockedPackage, python: str) -> str:
    return (
        f"`{package.name}` {package.version} has no wheel for Python {python} on Linux (x86-64). "
        "Allow another version of it."
    )


def _collect_problems(
    check: Callable[[Environment], list[str]], environment: Environment
) -> list[str]:
    try:
        return check(environment)
    except EnvironmentsError as error:
        return [str(error)]


def _find_description_problems(environment: Environment) -> list[str]:
    environment.description.require_valid()
    return []


def _find_freshness_problems(environment: Environment) -> list[str]:
    require_fresh(environment)
    return []


def _find_runtime_problems(environment: Environment) -> list[str]:
    own = environment.folder.parent / RUNTIME_FILE
    remedy = f"To write it, run `kfpkit env lock {environment.name}`."
    if not own.is_file():
        return [f"{own}: the file that pins kfp's runtime is missing. {remedy}"]
    pins = [line for line in own.read_text(encoding="utf-8").splitlines() if "==" in line]
    if len(pins) == 1 and pins[0].startswith("kfp==") and "--hash=sha256:" in pins[0]:
        return []
    problem = "the file must pin only kfp, on one line with its hash"
    return [f"{own}: {problem}. Delete it. {remedy}"]
