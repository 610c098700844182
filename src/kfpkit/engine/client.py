"""Requests to a container engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from requests import RequestException  # type: ignore[import-untyped] # requests ships no types
from urllib3.exceptions import HTTPError

from kfpkit.engine.address import knock, locate_engine
from kfpkit.engine.causes import extract_cause
from kfpkit.errors import (
    EngineError,
    EngineFaultError,
    EngineUnreachableError,
    ImagesNotInstalledError,
)

PLATFORM = "linux/amd64"  # of environments: the wheels in their locks are for it
_PATIENCE = 60.0
_CONNECTIONS = 100  # that are kept; the library warns of each that it closes, one for each task


class Engine:
    """A container engine that responds.

    Args:
        address: Its address (default: that of `DOCKER_HOST` or Docker's current context). Docker's
            variables name the certificates for it.
        patience: The time limit for a response, in seconds.

    Attributes:
        client: The docker library's client, for operations without a method here.
        faults: All errors that a request to the engine may raise.

    Raises:
        EngineUnreachableError: No engine responds.
        ImagesNotInstalledError: The extra `images` is not installed.
    """

    def __init__(self, address: str = "", *, patience: float = _PATIENCE) -> None:
        try:
            import docker  # noqa: PLC0415 - an extra: compiling does without
        except ImportError:
            raise ImagesNotInstalledError from None
        self.address = address or locate_engine()
        # The library hands on what its own HTTP library raises while an answer streams in.
        self.faults = (docker.errors.DockerException, RequestException, HTTPError)
        self._errors = docker.errors
        try:
            knock(self.address)
            settings = docker.utils.kwargs_from_env() | {"base_url": self.address}
            self.client = docker.DockerClient(
                version="auto", timeout=patience, max_pool_size=_CONNECTIONS, **settings
            )
            self.client.ping()
        except (*self.faults, OSError) as error:
            raise EngineUnreachableError(
                address=self.address, cause=extract_cause(error)
            ) from error
        self._api = self.client.api

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def answers(self) -> bool:
        """Return whether the engine still responds."""
        try:
            knock(self.address)
            return bool(self._api.ping())
        except (*self.faults, OSError):
            return False

    def fault(self, error: Exception) -> EngineError:
        """Create the error for a fault: the engine has stopped, or it reports an error."""
        kind = EngineFaultError if self.answers() else EngineUnreachableError
        return kind(address=self.address, cause=extract_cause(error))

    def find(self, image: str) -> Mapping[str, Any] | None:
        """Describe an image by reference or ID. None if the engine doesn't have it."""
        try:
            found: Mapping[str, Any] = self._api.inspect_image(image)
        except self._errors.ImageNotFound:
            return None
        return found

    def pull(self, image: str, *, platform: str | None = None) -> None:
        """Pull an image. If it doesn't arrive, one of the faults states the reason.

        Args:
            image: The reference, with a tag or a digest.
            platform: Its platform, if an image has several (default: the engine's).
        """
        for said in self._api.pull(image, platform=platform, stream=True, decode=True):
            if "error" in said:
                raise self._errors.APIError(said["error"], explanation=said["error"])

    def push(self, repository: str, tag: str) -> Iterator[Mapping[str, Any]]:
        """Push an image, and yield the engine's messages, including `error`.

        Docker's configuration is read for each push, because credentials of a cloud expire.
        """
        self._api.reload_config()
        yield from self._api.push(repository, tag=tag, stream=True, decode=True)

    def tag(self, image: str, repository: str, tag: str) -> None:
        """Give an image a name."""
        self._api.tag(image, repository, tag)

    def remove(self, image: str) -> None:
        """Remove a name, and the image with its last name. A missing name isn't an error."""
        try:
            self._api.remove_image(image)
        except self._errors.ImageNotFound:
            return
