"""Whether an environment's lock and import names belong to its `pyproject.toml` of now.

Cheap enough for every compilation: it compares digests and starts no process.
"""

from __future__ import annotations

from kfpkit.environments import digests as fingerprint
from kfpkit.environments.environment import Environment
from kfpkit.errors import StaleLockError


def require_fresh(environment: Environment) -> None:
    """Refuse an environment whose lock or import names are out of date.

    Args:
        environment: The environment.

    Raises:
        StaleLockError: The lock was made from other dependencies than `pyproject.toml` names, or
            `imports.json` from another lock; or one of them is missing.
        BrokenLockError: The lock cannot be read.
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
    """Refuse an environment whose lock is missing or older than its `pyproject.toml`.

    Args:
        environment: The environment.

    Raises:
        StaleLockError: The lock was made from other dependencies than `pyproject.toml` names.
        BrokenLockError: The lock cannot be read.
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
