"""The virtual environment of an environment: the packages of its image, on this machine."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from kfpkit.environments.environment import Environment
from kfpkit.environments.freshness import require_fresh_lock
from kfpkit.environments.recipe import PACKAGED_RUNTIME
from kfpkit.environments.venvs import poetry, venvs
from kfpkit.environments.venvs.venvs import Recipe, Requirements
from kfpkit.listeners import Listener, ignore


def ensure_virtual_environment(
    environment: Environment, *, report: Listener = ignore, whole: bool = True
) -> Path:
    """Create an environment's virtual environment, once for each state of its lock.

    Args:
        environment: The environment.
        report: Called with a line at each step that takes time.
        whole: Whether to check for damage, and to create a damaged one again.

    Returns:
        The folder of the finished virtual environment.

    Raises:
        StaleLockError: The lock is missing or older than the `pyproject.toml`.
        ToolError: It can't be created. No incomplete one is left behind.
    """
    require_fresh_lock(environment)
    return venvs.make(_recipe(environment, report), report=report, whole=whole)


def has_virtual_environment(environment: Environment) -> bool:
    """Return whether an environment's virtual environment exists."""
    return venvs.is_made(_recipe(environment, ignore))


def ensure_plain_virtual_environment(
    python: str, *, report: Listener = ignore, whole: bool = True
) -> Path:
    """Create a virtual environment with only kfp's runtime, for foreign images.

    Args:
        python: The Python version, such as "3.11".
        report: Called with a line at each step that takes time.
        whole: Whether to check for damage, and to create a damaged one again.

    Returns:
        The folder of the finished virtual environment.

    Raises:
        ToolError: It can't be created. No incomplete one is left behind.
    """
    return venvs.make(_plain_recipe(python), report=report, whole=whole)


def has_plain_virtual_environment(python: str) -> bool:
    """Return whether the virtual environment for foreign images exists.

    Args:
        python: The Python version, such as "3.11".
    """
    return venvs.is_made(_plain_recipe(python))


def _plain_recipe(python: str) -> Recipe:
    return Recipe.of_file("plain", PACKAGED_RUNTIME, python=python, dependencies=False)


def _recipe(environment: Environment, report: Listener) -> Recipe:
    return Recipe(
        name=environment.name,
        key=environment.content.packages_hash,
        python=environment.description.python,
        source=environment.folder,
        requirements=functools.partial(_export_requirements, environment, report),
    )


def _export_requirements(
    environment: Environment, report: Listener, scratch: Path
) -> Sequence[Requirements]:
    exported = poetry.export(
        environment.folder,
        scratch / "requirements.txt",
        name=environment.name,
        report=report,
    )
    runtime = Requirements(file=environment.runtime_requirements, dependencies=False)
    return [exported, runtime]
