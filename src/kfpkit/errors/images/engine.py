"""Container engines that cannot be reached, or that fail."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import ImagesError


class EngineError(ImagesError):
    """The container engine cannot be used."""


class EngineUnreachableError(EngineError):
    """No container engine responds."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address` and the `cause`."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"No container engine responds at `{address}`: {cause}. Start Docker, or set "
            "`DOCKER_HOST` to the address of an engine, and run the command again."
        )


class EngineFaultError(EngineError):
    """A container engine reports an error or rejects a request."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address`, and the `cause` that it reports."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"The container engine at `{address}` reported an error: {cause}. Fix the reported "
            "problem. The engine's own log may have details."
        )


class PodmanEngineError(EngineError):
    """The container engine is Podman, which cannot build images."""

    def __init__(self, *, address: str) -> None:
        """Name the engine's `address`."""
        self.address = address
        super().__init__(
            f"The container engine at `{address}` is Podman, which lacks BuildKit and cannot build "
            "these images. Set `DOCKER_HOST` to the address of a Docker engine. Podman can run "
            "pipelines (`kfpkit run --containers`)."
        )


class NoBuildCommandError(EngineError):
    """No `docker` command can build with BuildKit."""

    def __init__(self, *, found: Sequence[str], podman: Sequence[str] = ()) -> None:
        """Name the `docker` commands that were `found`, and those of them that are `podman`."""
        self.found = tuple(found)
        self.podman = tuple(podman)
        have = ", ".join(f"`{one}`{' (podman)' * (one in podman)}" for one in found) or "none"
        super().__init__(
            "Building images requires a `docker` command that supports BuildKit. Commands on the "
            f"path: {have}. Install Docker and its plug-in `buildx`. Debian's `docker.io` has "
            "BuildKit built in."
        )
