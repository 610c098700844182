"""Images that cannot be built, checked or pushed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from kfpkit.errors.base import EnvironmentsError, ImagesError
from kfpkit.errors.fault import Fault


class ImageBuildError(ImagesError):
    """An image cannot be built.

    Attributes:
        tail: The last lines that say why.
        log: The whole log.
        faults: The outputs that this class stands for; `{name}`, `{base}`, `{python}` and
            `{platform}` stand for what was built.
    """

    faults: ClassVar[tuple[Fault, ...]] = ()

    def __init__(self, *, name: str, problem: str, tail: str, log: Path, remedy: str) -> None:
        """Say what the `problem` with the image of `name` is, and where the `log` lies."""
        self.name = name
        self.problem = problem
        self.tail = tail
        self.log = log
        self.remedy = remedy
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f":{said}\n" if said else ". "
        super().__init__(f"The image of `{name}`: {problem}{end}{remedy} The log is {log}.")


class BaseImageError(ImageBuildError):
    """The base image does not exist, or cannot be pulled."""

    faults = (
        Fault(
            signs=(
                "failed to (load|resolve|copy).*(metadata|digest|cache key|source)",
                "pull access denied",
                "manifest unknown",
                "error: .*: not found$",
                r"failed to solve.*docker\.io/\S+: not found",
                "failed to do request: head",
                "failed to authorize",
                "error getting credentials",
                "failed to parse base image",
            ),
            problem="its base image `{base}` does not exist or cannot be pulled",
            remedy="Correct `base-image` in its pyproject.toml, give another place of the same "
            "image with `--base-image`, or log in with `docker login`.",
        ),
    )


class BasePythonError(ImageBuildError):
    """The base image has another Python than the environment names, or none."""

    faults = (
        Fault(
            signs=(
                "kfpkit: the base image has python",
                "python3: not found",
            ),
            problem="its base image `{base}` does not have Python {python}, which its "
            "pyproject.toml names",
            remedy="Name a `base-image` with Python {python}, or another `requires-python`, in "
            "its pyproject.toml.",
        ),
    )


class BuildNetworkError(ImageBuildError):
    """A build has no network, or is not given the one that it should have."""

    faults = (
        Fault(
            signs=(
                "network bridge not found",
                "network bridge: .*not found",
                "could not find .*bridge",
                "failed to set up container networking",
                "failed to create endpoint",
            ),
            problem="the container engine gives no network to its build",
            remedy="Let it use this machine's: `kfpkit env build {name} --network host`. Or start "
            "the engine with a bridge.",
        ),
        Fault(
            signs=(
                "network mode .* not supported by buildkit",
                r"network\.host is not allowed",
            ),
            problem="the container engine does not build with the network that `--network` names",
            remedy="It takes `host`, `none` and `default`; and `host` only where the engine's "
            "`daemon.json` does not forbid it (`builder.entitlements`).",
        ),
    )


class BuildMemoryError(ImageBuildError):
    """A step of a build was killed, mostly since the memory ran out."""

    faults = (
        Fault(
            signs=(
                r"^exit code: 137\b",
                "cannot allocate memory",
                r"memory allocation of \d+ bytes failed",
            ),
            problem="it was killed while it was built or checked, mostly since the memory ran out",
            remedy="Build one image at a time (`--jobs 1`), or give the engine more memory (Docker "
            "Desktop: Settings, Resources).",
        ),
    )


class SystemPackageError(ImageBuildError):
    """A Debian package cannot be installed."""

    faults = (
        Fault(
            signs=(
                "unable to locate package binutils",
                "package .?binutils.? has no installation",
            ),
            problem="its build cannot reach Debian's packages, of which it needs `binutils`",
            remedy="Check the network of builds (`--network host`) and the proxy, and build again; "
            "or name a `base-image` that has `strip`.",
        ),
        Fault(
            # apt writes the letter and the rest apart, which may stand on two lines.
            signs=(
                r"\be\s*: (unable to locate package|package .* has no installation candidate)",
                r"\be\s*: (failed to fetch|version .* was not found)",
                r"\be\s*: sub-process .* returned an error code",
                "apt-get: not found",
            ),
            problem="a Debian package of `system-packages` cannot be installed",
            remedy="Correct `system-packages` in its pyproject.toml, or check the network of "
            "builds (`--network host`).",
        ),
    )


class PackageHashError(ImageBuildError):
    """What the package index serves is not what was locked."""

    faults = (
        Fault(
            signs=("hash mismatch",),
            problem="the index serves another file than the one that was locked",
            remedy="Do not trust it. If the change is known and wanted, lock again with "
            "`kfpkit env lock {name}`.",
        ),
    )


class PackageInstallError(ImageBuildError):
    """A locked package cannot be fetched or installed."""

    faults = (
        Fault(
            signs=(
                "failed to fetch(?! (oauth|anonymous) token)",
                "error sending request",
                "dns error",
                "no usable wheels",
                "failed to download",
                "doesn't have a wheel",
                "no matching distribution",
                "not found in the package registry",
                "unsatisfiable",
                "failed to read",
            ),
            problem="its locked packages cannot be installed",
            remedy="Check the index (`UV_DEFAULT_INDEX`) and the network of builds (`--network "
            "host`), and build again.",
        ),
    )


class ImageDiskFullError(ImageBuildError):
    """There is no room for an image."""

    faults = (
        Fault(
            signs=(
                "no space left",
                "disk quota exceeded",
                r"os error 28\b",
            ),
            problem="there is no room for it on the engine's disk",
            remedy="Free some (`docker system prune`, `docker builder prune`), and build again.",
        ),
    )


class EmulationMissingError(ImageBuildError):
    """The engine's machine cannot run programs of the images' platform."""

    faults = (
        Fault(
            signs=("exec format error",),
            problem="images are for {platform}, which the container engine's machine cannot run",
            remedy="Let it emulate that (`docker run --privileged --rm tonistiigi/binfmt --install "
            "amd64`; Docker Desktop has it in its settings), or build on a machine with such a "
            "processor. Where it is one, `base-image` is another's.",
        ),
    )


class EngineStoppedError(ImageBuildError):
    """The container engine went away while it worked."""

    faults = (
        Fault(
            signs=(
                "cannot connect to the docker daemon",
                "error reading from server: eof",
                "transport is closing",
                "closing transport",
            ),
            problem="the connection to the container engine, which answers again, broke off",
            remedy="Run the command again: nothing is half done.",
        ),
    )


class ImageCheckError(ImageBuildError):
    """A built image does not do what it is for."""


class PushError(ImageBuildError):
    """A checked image cannot be pushed."""


class SeveralImagesError(ImagesError):
    """Several images could not be built; the others are done."""

    def __init__(self, *, errors: Sequence[ImagesError | EnvironmentsError]) -> None:
        """Give the `errors`, one for each image."""
        self.errors = tuple(errors)
        listed = "\n".join(str(error) for error in errors)
        super().__init__(f"{len(self.errors)} images could not be built.\n{listed}")
