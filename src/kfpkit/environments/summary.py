"""An environment in one line."""

from __future__ import annotations

from dataclasses import dataclass

from kfpkit.config import Project
from kfpkit.environments.catalogue import list_environments
from kfpkit.environments.environment import Environment
from kfpkit.environments.installation import has_virtual_environment


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What `kfpkit env list` tells of an environment.

    Args:
        name: Its name.
        python: Its Python version.
        locked: Whether it has a lock.
        packages: The number of locked packages.
        image: Its image reference; None without a lock, and for tools that have no image.
        virtual_environment: Whether its virtual environment is made on this machine.
    """

    name: str
    python: str
    locked: bool
    packages: int
    image: str | None
    virtual_environment: bool


def summaries(project: Project) -> tuple[Summary, ...]:
    """Summarise the environments of a project, sorted by name.

    Raises:
        InvalidEnvironmentError: A `pyproject.toml` cannot describe an environment.
    """
    return tuple(_summary(environment) for environment in list_environments(project))


def _summary(environment: Environment) -> Summary:
    locked = environment.lock.is_file()
    return Summary(
        name=environment.name,
        python=environment.python,
        locked=locked,
        packages=environment.locked_text.count("\n[[package]]\n") if locked else 0,
        image=environment.image if locked and environment.has_image else None,
        virtual_environment=locked and has_virtual_environment(environment),
    )
