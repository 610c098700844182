"""Checks that an environment's lock and import names match its current `pyproject.toml`.

The check compares digests and starts no process, so every compilation can afford it.
"""

from __future__ import annotations

from kfpkit.environments import text_digests as fingerprint
from kfpkit.environments.environment import Environment
from kfpkit.errors import StaleLockError


def require_fresh(environment: Environment) -> None:
    """Refuse an environment with an outdated lock or import names.

    Args:
        environment: The environment.

    Raises:
        StaleLockError: The lock was made from other dependencies than those in `pyproject.toml`,
            `imports.json` was made from another lock, or one of them is missing.
        BrokenLockError: The lock can't be read.
    """
    require_fresh_lock(environment)
    if environment.manifest.lock != environment.lock.digest:
        environment.lock.require_readable()  # says more, where it cannot be read
        raise StaleLockError(
            name=environment.name,
            file=environment.imports_file,
            problem=f"the import names of the environment `{environment.name}` were generated "
            "from a different poetry.lock, which has since been edited or merged",
        )


def require_fresh_lock(environment: Environment) -> None:
    """Refuse an environment with a lock that is missing or older than its `pyproject.toml`.

    Args:
        environment: The environment.

    Raises:
        StaleLockError: The lock was made from other dependencies than those in `pyproject.toml`.
        BrokenLockError: The lock can't be read.
    """
    made_from = environment.lock.poetry_hash  # a missing lock is told before what else is wrong
    if made_from != fingerprint.compute_poetry_hash(environment.description.document):
        environment.lock.require_readable()  # as above
        raise StaleLockError(
            name=environment.name,
            file=environment.lock.path,
            problem=f"the lock of the environment `{environment.name}` is older than its "
            f"pyproject.toml",
        )
