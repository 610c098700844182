"""What tasks run in, as the record of a run has it."""

from __future__ import annotations

import platform

from kfpkit.environments import Environment
from kfpkit.errors import EnvironmentsError
from kfpkit.runs.record import Environment as EnvironmentRecord


def describe_environment(image: str, environment: Environment | None) -> EnvironmentRecord:
    """Return what an image stands for.

    Args:
        image: The image reference, as compiled.
        environment: The environment; None for a foreign image.
    """
    digest = image.partition("@")[2] or None
    if environment is None:
        return EnvironmentRecord(image=image, digest=digest)
    try:
        python = environment.description.python
        locked = environment.lock.content.installed(python)
        return EnvironmentRecord(
            python=python,
            hash=environment.content.hash,
            image=image,
            digest=digest,
            parts=environment.content.parts,
            packages={each.name: each.version for each in locked},
        )
    except EnvironmentsError:  # the lock was changed meanwhile
        return EnvironmentRecord(image=image, digest=digest)


def describe_plain(image: str) -> EnvironmentRecord:
    """Return the plain virtual environment that a foreign image's tasks run in.

    Args:
        image: The image reference, as compiled.
    """
    described = describe_environment(image, None)
    return described.model_copy(update={"python": platform.python_version()})
