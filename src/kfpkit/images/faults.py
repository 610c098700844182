"""What the last words of a build or a push mean, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
)
from kfpkit.images import transcript
from kfpkit.images.registry import LoginFault, find_login_fault, host_of


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """A reason for failure that a build's output shows.

    Args:
        kind: The error to raise.
        sign: A pattern, in lower case, that stands in the output.
        problem: What is wrong.
        remedy: What to do; `{name}`, `{base}` and `{python}` stand for the environment's.
    """

    kind: type[ImageBuildError]
    sign: str
    problem: str
    remedy: str


_FAULTS = (
    _Fault(
        kind=ImageDiskFullError,
        sign=r"no space left|disk quota exceeded|os error 28\b",
        problem="there is no room for it on the engine's disk",
        remedy="Free some (`docker system prune`, `docker builder prune`), and build again.",
    ),
    _Fault(
        kind=BuildNetworkError,
        sign=r"network bridge not found|network bridge: .*not found|could not find .*bridge"
        r"|failed to set up container networking|failed to create endpoint",
        problem="the container engine gives no network to its build",
        remedy="Let it use this machine's: `kfpkit env build {name} --network host`. Or start the "
        "engine with a bridge.",
    ),
    _Fault(
        kind=BuildNetworkError,
        sign=r"network mode .* not supported by buildkit|network\.host is not allowed",
        problem="the container engine does not build with the network that `--network` names",
        remedy="It takes `host`, `none` and `default`; and `host` only where the engine's "
        "`daemon.json` does not forbid it (`builder.entitlements`).",
    ),
    _Fault(
        kind=BuildMemoryError,
        sign=r"^exit code: 137\b|cannot allocate memory|memory allocation of \d+ bytes failed",
        problem="it was killed while it was built or checked, mostly since the memory ran out",
        remedy="Build one image at a time (`--jobs 1`), or give the engine more memory (Docker "
        "Desktop: Settings, Resources).",
    ),
    _Fault(
        kind=BasePythonError,
        sign=r"kfpkit: the base image has python|python3: not found",
        problem="its base image `{base}` does not have Python {python}, which its pyproject.toml "
        "names",
        remedy="Name a `base-image` with Python {python}, or another `requires-python`, in its "
        "pyproject.toml.",
    ),
    _Fault(
        kind=PackageHashError,
        sign=r"hash mismatch",
        problem="the index serves another file than the one that was locked",
        remedy="Do not trust it. If the change is known and wanted, lock again with "
        "`kfpkit env lock {name}`.",
    ),
    _Fault(
        kind=SystemPackageError,
        sign=r"unable to locate package binutils|package .?binutils.? has no installation",
        problem="its build cannot reach Debian's packages, of which it needs `binutils`",
        remedy="Check the network of builds (`--network host`) and the proxy, and build again; or "
        "name a `base-image` that has `strip`.",
    ),
    _Fault(
        kind=SystemPackageError,
        # apt writes the letter and the rest apart, which may stand on two lines.
        sign=r"\be\s*: (unable to locate package|package .* has no installation candidate"
        r"|failed to fetch|version .* was not found|sub-process .* returned an error code)"
        r"|apt-get: not found",
        problem="a Debian package of `system-packages` cannot be installed",
        remedy="Correct `system-packages` in its pyproject.toml, or check the network of builds "
        "(`--network host`).",
    ),
    _Fault(
        kind=PackageInstallError,
        sign=r"failed to fetch(?! (oauth|anonymous) token)|error sending request|dns error"
        r"|no usable wheels|failed to download|doesn't have a wheel|no matching distribution"
        r"|not found in the package registry|unsatisfiable|failed to read",
        problem="its locked packages cannot be installed",
        remedy="Check the index (`UV_DEFAULT_INDEX`) and the network of builds (`--network host`), "
        "and build again.",
    ),
    _Fault(
        kind=BaseImageError,
        sign=r"failed to (load|resolve|copy).*(metadata|digest|cache key|source)|pull access denied"
        r"|manifest unknown|error: .*: not found$|failed to solve.*docker\.io/\S+: not found"
        r"|failed to do request: head|failed to authorize|error getting credentials"
        r"|failed to parse base image",
        problem="its base image `{base}` does not exist or cannot be pulled",
        remedy="Correct `base-image` in its pyproject.toml, give another place of the same image "
        "with `--base-image`, or log in with `docker login`.",
    ),
    _Fault(
        kind=EngineStoppedError,
        sign=r"cannot connect to the docker daemon|error reading from server: eof"
        r"|transport is closing|closing transport",
        problem="the connection to the container engine, which answers again, broke off",
        remedy="Run the command again: nothing is half done.",
    ),
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
    told = "\n".join(transcript.select_telling_lines(said)).lower()
    facts = {"name": environment.name, "base": base, "python": environment.description.python}
    for known in _FAULTS:
        if re.search(known.sign, told, re.MULTILINE):
            login = _find_login_fault(known, told, base)
            return known.kind(
                name=environment.name,
                problem=known.problem.format(**facts),
                tail="\n".join([transcript.tail(said), *([login.cause] if login else [])]),
                log=log,
                remedy=login.remedy if login else known.remedy.format(**facts),
            )
    return ImageBuildError(
        name=environment.name,
        problem="the build failed",
        tail=transcript.tail(said),
        log=log,
        remedy="Fix what these lines say; the log has all of them. "
        f"`kfpkit env check {environment.name}` looks for more.",
    )


def _find_login_fault(known: _Fault, told: str, base: str) -> LoginFault | None:
    """Find out whether a base image cannot be pulled since the login for it cannot be used."""
    refuses = re.search(r"authoriz|denied|credentials|\b(401|403)\b", told)
    if known.kind is not BaseImageError or not refuses:
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
    return "exec format error" in said.lower()


def foreign(said: str, *, environment: Environment, log: Path) -> EmulationMissingError:
    """Make the error for an engine whose machine has another processor."""
    return EmulationMissingError(
        name=environment.name,
        problem=f"images are for {PLATFORM}, which the container engine's machine cannot run",
        tail=transcript.tail(said),
        log=log,
        remedy="Let it emulate that (`docker run --privileged --rm tonistiigi/binfmt --install "
        "amd64`; Docker Desktop has it in its settings), or build on a machine with such a "
        "processor. Where it is one, `base-image` is another's.",
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
