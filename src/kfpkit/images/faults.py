"""What the last words of a build or a push mean, and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

from kfpkit.engine import PLATFORM, Engine, extract_cause
from kfpkit.environments import Environment
from kfpkit.errors import (
    BaseImageError,
    BasePythonError,
    BuildMemoryError,
    BuildNetworkError,
    EmulationMissingError,
    EngineStoppedError,
    ImageBuildError,
    ImageDiskFullError,
    PackageHashError,
    PackageInstallError,
    PushError,
    SystemPackageError,
    find_fault,
)
from kfpkit.images import transcript
from kfpkit.images.registry import LoginFault, find_login_fault, host_of

# The first that fits decides.
_KINDS = (
    ImageDiskFullError,
    BuildNetworkError,
    BuildMemoryError,
    BasePythonError,
    PackageHashError,
    SystemPackageError,
    PackageInstallError,
    BaseImageError,
    EngineStoppedError,
)


def build_fault(said: str, *, environment: Environment, base: str, log: Path) -> ImageBuildError:
    """Make the error that tells what a failed build's output means.

    Args:
        said: All that the build wrote.
        environment: What was built.
        base: The base image.
        log: Where the output lies.

    Returns:
        The error, of the class that fits the reason.
    """
    if is_foreign(said):
        return foreign(said, environment=environment, log=log)
    known = find_fault(_KINDS, "\n".join(transcript.select_telling_lines(said)))
    if known is None:
        return ImageBuildError(
            name=environment.name,
            problem="the build failed",
            tail=transcript.tail(said),
            log=log,
            remedy="Fix what these lines say; the log has all of them. "
            f"`kfpkit env check {environment.name}` looks for more.",
        )
    kind, fault = known
    facts = {"name": environment.name, "base": base, "python": environment.description.python}
    login = _find_login_fault(said, base) if kind is BaseImageError else None
    return kind(
        name=environment.name,
        problem=fault.problem.format(**facts),
        tail="\n".join([transcript.tail(said), *([login.cause] if login else [])]),
        log=log,
        remedy=login.remedy if login else fault.remedy.format(**facts),
    )


def _find_login_fault(said: str, base: str) -> LoginFault | None:
    """Find out whether a base image cannot be pulled since the login for it cannot be used."""
    told = "\n".join(transcript.select_telling_lines(said)).lower()
    if not re.search(r"authoriz|denied|credentials|\b(401|403)\b", told):
        return None
    return find_login_fault(host_of(base) or "docker.io")


def engine_stopped(said: str, *, environment: Environment, log: Path) -> EngineStoppedError:
    """Make the error for an engine that went away."""
    return EngineStoppedError(
        name=environment.name,
        problem="the container engine went away while it worked",
        tail=transcript.tail(said),
        log=log,
        remedy="Start it and run the command again: nothing is half done.",
    )


def engine_fault(
    engine: Engine, error: Exception, *, environment: Environment, log: Path
) -> ImageBuildError:
    """Make the error for an engine that failed while an image was checked or named."""
    said = extract_cause(error)
    if not engine.answers():
        return engine_stopped(said, environment=environment, log=log)
    if is_foreign(said):
        return foreign(said, environment=environment, log=log)
    return ImageBuildError(
        name=environment.name,
        problem="the container engine fails",
        tail=said,
        log=log,
        remedy="Fix what the log shows, and run the command again: nothing is half done.",
    )


def is_foreign(said: str) -> bool:
    """Say whether a program was not run since it is another processor's."""
    (fault,) = EmulationMissingError.faults
    return fault.fits(said.lower())


def foreign(said: str, *, environment: Environment, log: Path) -> EmulationMissingError:
    """Make the error for an engine whose machine has another processor."""
    (fault,) = EmulationMissingError.faults
    return EmulationMissingError(
        name=environment.name,
        problem=fault.problem.format(platform=PLATFORM),
        tail=transcript.tail(said),
        log=log,
        remedy=fault.remedy,
    )


def is_denied(said: str) -> bool:
    """Say whether a registry does not let the caller push, so that another attempt is no use."""
    signs = r"denied|unauthorized|authentication required|forbidden|no basic auth|credentials store"
    return re.search(signs, said, re.IGNORECASE) is not None


def is_missing(said: str) -> bool:
    """Say whether a registry does not know the repository, and makes none for who pushes."""
    signs = r"name.unknown|repository\b.* not found|not known to registry"
    return re.search(signs, said, re.IGNORECASE) is not None


def is_unknown(said: str) -> bool:
    """Say whether a registry does not know who asks, which newer credentials may mend."""
    signs = r"unauthorized|authentication required|no basic auth"
    return re.search(signs, said, re.IGNORECASE) is not None


def push_fault(said: str, *, environment: Environment, log: Path) -> PushError:
    """Make the error for a push that the registry or the engine ended."""
    host = environment.registry.partition("/")[0]
    make = "gcloud artifacts repositories create NAME --repository-format docker"
    remedy = "The built image is kept: run the command again, which only pushes it."
    if is_missing(said):
        remedy = f"Make its repository (Google Cloud: `{make}`). {remedy}"
    elif is_denied(said) and (fault := find_login_fault(host)):
        said = f"{said}\n{fault.cause}"
        remedy = f"{fault.remedy} {remedy}"
    elif is_denied(said):
        remedy = (
            f"Log in with `docker login {host}` (Google Cloud: `gcloud auth configure-docker "
            f"{host}`), with the right to write there; or its repository does not exist, and is "
            f"to be made (`{make}`). {remedy}"
        )
    return PushError(
        name=environment.name,
        problem=f"`{environment.image}` cannot be pushed",
        tail=transcript.tail(said),
        log=log,
        remedy=remedy,
    )
