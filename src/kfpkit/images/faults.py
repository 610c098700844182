"""Errors from the output of builds and pushes."""

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


def make_build_error(
    said: str, *, environment: Environment, base: str, log: Path
) -> ImageBuildError:
    """Return the error that explains a failed build's output.

    Args:
        said: The build's output.
        environment: The environment whose image was built.
        base: The base image.
        log: The file with the output.

    Returns:
        The error, of the class that matches the cause.
    """
    if is_foreign(said):
        return make_emulation_error(said, environment=environment, log=log)
    known = find_fault(_KINDS, "\n".join(transcript.select_telling_lines(said)))
    if known is None:
        return ImageBuildError(
            name=environment.name,
            problem="the build failed",
            tail=transcript.tail(said),
            log=log,
            remedy="Fix the reported problem. For more checks, run `kfpkit env check "
            f"{environment.name}`.",
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
    """Determine whether a base image cannot be pulled because its login is unusable."""
    told = "\n".join(transcript.select_telling_lines(said)).lower()
    if not re.search(r"authoriz|denied|credentials|\b(401|403)\b", told):
        return None
    return find_login_fault(host_of(base) or "docker.io")


def make_stopped_error(said: str, *, environment: Environment, log: Path) -> EngineStoppedError:
    """Return the error for an engine that stopped."""
    return EngineStoppedError(
        name=environment.name,
        problem="the container engine stopped during the build",
        tail=transcript.tail(said),
        log=log,
        remedy="Nothing was left half-finished. Start the engine and run the command again.",
    )


def make_engine_error(
    engine: Engine, error: Exception, *, environment: Environment, log: Path
) -> ImageBuildError:
    """Return the error for an engine that failed while an image was checked or tagged."""
    said = extract_cause(error)
    if not engine.answers():
        return make_stopped_error(said, environment=environment, log=log)
    if is_foreign(said):
        return make_emulation_error(said, environment=environment, log=log)
    return ImageBuildError(
        name=environment.name,
        problem="the container engine reported an error",
        tail=said,
        log=log,
        remedy="Nothing was left half-finished. Fix the reported problem and run the command "
        "again.",
    )


def is_foreign(said: str) -> bool:
    """Return whether a program failed because it is for another processor."""
    (fault,) = EmulationMissingError.faults
    return fault.fits(said.lower())


def make_emulation_error(
    said: str, *, environment: Environment, log: Path
) -> EmulationMissingError:
    """Return the error for an engine whose machine has another processor."""
    (fault,) = EmulationMissingError.faults
    return EmulationMissingError(
        name=environment.name,
        problem=fault.problem.format(platform=PLATFORM),
        tail=transcript.tail(said),
        log=log,
        remedy=fault.remedy,
    )


def is_denied(said: str) -> bool:
    """Return whether a registry denied a push, so that a retry is useless."""
    signs = r"denied|unauthorized|authentication required|forbidden|no basic auth|credentials store"
    return re.search(signs, said, re.IGNORECASE) is not None


def is_missing(said: str) -> bool:
    """Return whether the repository is missing and the registry does not create it on a push."""
    signs = r"name.unknown|repository\b.* not found|not known to registry"
    return re.search(signs, said, re.IGNORECASE) is not None


def is_unknown(said: str) -> bool:
    """Return whether a registry rejected the credentials, which newer ones may fix."""
    signs = r"unauthorized|authentication required|no basic auth"
    return re.search(signs, said, re.IGNORECASE) is not None


def make_push_error(said: str, *, environment: Environment, log: Path) -> PushError:
    """Return the error for a push that the registry or the engine rejected."""
    host = environment.registry.partition("/")[0]
    make = "gcloud artifacts repositories create NAME --repository-format docker"
    remedy = "The built image is kept. Run the command again to push it without a new build."
    if is_missing(said):
        remedy = f"Create its repository (Google Cloud: `{make}`). {remedy}"
    elif is_denied(said) and (fault := find_login_fault(host)):
        said = f"{said}\n{fault.cause}"
        remedy = f"{fault.remedy} {remedy}"
    elif is_denied(said):
        remedy = (
            f"Log in with `docker login {host}` (Google Cloud: `gcloud auth configure-docker "
            f"{host}`) as a user with write permission. If the repository does not exist, create "
            f"it (`{make}`). {remedy}"
        )
    return PushError(
        name=environment.name,
        problem=f"`{environment.image}` cannot be pushed",
        tail=transcript.tail(said),
        log=log,
        remedy=remedy,
    )
