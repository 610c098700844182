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
        tail: The last lines of the output that explain the failure.
        log: The full log.
        faults: The outputs that this class represents. `{name}`, `{base}`, `{python}` and
            `{platform}` are replaced with the facts of the build.
    """

    faults: ClassVar[tuple[Fault, ...]] = ()

    def __init__(self, *, name: str, problem: str, tail: str, log: Path, remedy: str) -> None:
        """State the `problem` with the image of `name`, and the path of the `log`."""
        self.name = name
        self.problem = problem
        self.tail = tail
        self.log = log
        self.remedy = remedy
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f":{said}\n" if said else ". "
        super().__init__(f"The image of `{name}`: {problem}{end}{remedy} Full log: {log}")


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
            remedy="Correct `base-image` in its pyproject.toml, specify a mirror of the same "
            "image with `--base-image`, or log in with `docker login`.",
        ),
    )


class BasePythonError(ImageBuildError):
    """The base image lacks the environment's Python version."""

    faults = (
        Fault(
            signs=(
                "kfpkit: the base image has python",
                "python3: not found",
            ),
            problem="its base image `{base}` does not have Python {python}, which its "
            "pyproject.toml requires",
            remedy="In its pyproject.toml, set `base-image` to an image with Python {python}, or "
            "change `requires-python`.",
        ),
    )


class BuildNetworkError(ImageBuildError):
    """A build has no network, or cannot use the requested one."""

    faults = (
        Fault(
            signs=(
                "network bridge not found",
                "network bridge: .*not found",
                "could not find .*bridge",
                "failed to set up container networking",
                "failed to create endpoint",
            ),
            problem="the container engine provides no network to the build",
            remedy="Use this machine's network (`kfpkit env build {name} --network host`), or "
            "start the engine with a bridge.",
        ),
        Fault(
            signs=(
                "network mode .* not supported by buildkit",
                r"network\.host is not allowed",
            ),
            problem="the container engine cannot build with the network set by `--network`",
            remedy="Use `host`, `none` or `default`; the engine's `daemon.json` can forbid `host` "
            "(`builder.entitlements`).",
        ),
    )


class BuildMemoryError(ImageBuildError):
    """A build step was killed, usually because memory ran out."""

    faults = (
        Fault(
            signs=(
                r"^exit code: 137\b",
                "cannot allocate memory",
                r"memory allocation of \d+ bytes failed",
            ),
            problem="its build or check was killed, probably because memory ran out",
            remedy="Build one image at a time (`--jobs 1`), or give the engine more memory (in "
            "Docker Desktop: Settings > Resources).",
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
            problem="its build needs the Debian package `binutils` but cannot reach Debian's "
            "packages",
            remedy="Check the build's network (`--network host`) and the proxy, and build again. "
            "Or use a `base-image` that contains `strip`.",
        ),
        Fault(
            # apt writes the letter and the rest separately, so they may be on two lines.
            signs=(
                r"\be\s*: (unable to locate package|package .* has no installation candidate)",
                r"\be\s*: (failed to fetch|version .* was not found)",
                r"\be\s*: sub-process .* returned an error code",
                "apt-get: not found",
            ),
            problem="a Debian package of `system-packages` cannot be installed",
            remedy="Correct `system-packages` in its pyproject.toml, or check the build's network "
            "(`--network host`).",
        ),
    )


class PackageHashError(ImageBuildError):
    """The package index serves a file that differs from the locked one."""

    faults = (
        Fault(
            signs=("hash mismatch",),
            problem="the index serves a file that differs from the locked one",
            remedy="Do not trust it. If you expected the change, lock again with `kfpkit env lock "
            "{name}`.",
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
            remedy="Check the index (`UV_DEFAULT_INDEX`) and the build's network (`--network "
            "host`), and build again.",
        ),
    )


class ImageDiskFullError(ImageBuildError):
    """The disk has no space for an image."""

    faults = (
        Fault(
            signs=(
                "no space left",
                "disk quota exceeded",
                r"os error 28\b",
            ),
            problem="the engine's disk is full",
            remedy="Free up disk space (`docker system prune`, `docker builder prune`) and build "
            "again.",
        ),
    )


class EmulationMissingError(ImageBuildError):
    """The engine's machine cannot run programs for the images' platform."""

    faults = (
        Fault(
            signs=("exec format error",),
            problem="images are for {platform}, which the container engine's machine cannot run",
            remedy="Enable emulation (`docker run --privileged --rm tonistiigi/binfmt --install "
            "amd64`, or the settings of Docker Desktop), or build on a machine with that "
            "platform. If the machine already has that platform, `base-image` is for a "
            "different one.",
        ),
    )


class EngineStoppedError(ImageBuildError):
    """The container engine stopped during the build."""

    faults = (
        Fault(
            signs=(
                "cannot connect to the docker daemon",
                "error reading from server: eof",
                "transport is closing",
                "closing transport",
            ),
            problem="the connection to the container engine was interrupted, but the engine is "
            "running",
            remedy="Nothing was left half-finished. Run the command again.",
        ),
    )


class ImageCheckError(ImageBuildError):
    """A built image fails its check."""


class PushError(ImageBuildError):
    """A checked image cannot be pushed."""


class SeveralImagesError(ImagesError):
    """Several images could not be built. The others are complete."""

    def __init__(self, *, errors: Sequence[ImagesError | EnvironmentsError]) -> None:
        """Give the `errors`, one for each image."""
        self.errors = tuple(errors)
        listed = "\n".join(str(error) for error in errors)
        super().__init__(f"{len(self.errors)} images could not be built.\n{listed}")
