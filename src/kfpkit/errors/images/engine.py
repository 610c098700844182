"""Container engines that cannot be reached, or that fail."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import ImagesError


class EngineError(ImagesError):
    """The container engine cannot be used."""


class EngineUnreachableError(EngineError):
    """No container engine answers."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address` and the `cause`."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"No container engine answers at `{address}`: {cause}. Start Docker, or point "
            "`DOCKER_HOST` to an engine, and run the command again."
        )


class EngineFaultError(EngineError):
    """A container engine answers, and fails or refuses what it is asked for."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address`, and the `cause` that it gives."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"The container engine at `{address}` answers, and fails: {cause}. Fix what it says; "
            "its own log may say more."
        )


class PodmanEngineError(EngineError):
    """The container engine is podman's, which cannot build images."""

    def __init__(self, *, address: str) -> None:
        """Name the engine's `address`."""
        self.address = address
        super().__init__(
            f"The container engine at `{address}` is podman's. Images are built with BuildKit, "
            "which it does not have. Point `DOCKER_HOST` to an engine of Docker's; podman's can "
            "run pipelines (`kfpkit run --containers`)."
        )


class NoBuildCommandError(EngineError):
    """There is no `docker` command that can build with BuildKit."""

    def __init__(self, *, found: Sequence[str], podman: Sequence[str] = ()) -> None:
        """Name the `docker` commands that were `found`, and those of them that are `podman`."""
        self.found = tuple(found)
        self.podman = tuple(podman)
        have = ", ".join(f"`{one}`{' (podman)' * (one in podman)}" for one in found) or "none"
        super().__init__(
            f"Images are built by the command `docker` with BuildKit; the commands on the path "
            f"are: {have}. Install Docker, and its plug-in `buildx` (Debian's `docker.io` has "
            "BuildKit built in)."
        )
