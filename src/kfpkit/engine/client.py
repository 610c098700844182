"""A container engine that answers, and what it is asked for."""

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
    """A container engine that answers.

    Args:
        address: Its address; that of `DOCKER_HOST` or Docker's current context when left out. The
            certificates for it are those that Docker's variables name.
        patience: The seconds that it may take for an answer.

    Attributes:
        client: The docker library's client, for what has no method here.
        faults: All that a question to the engine may raise.

    Raises:
        EngineUnreachableError: None answers.
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
        """Say whether the engine is still there."""
        try:
            knock(self.address)
            return bool(self._api.ping())
        except (*self.faults, OSError):
            return False

    def fault(self, error: Exception) -> EngineError:
        """Make the error for one of the faults: the engine is away, or it refuses."""
        kind = EngineFaultError if self.answers() else EngineUnreachableError
        return kind(address=self.address, cause=extract_cause(error))

    def find(self, image: str) -> Mapping[str, Any] | None:
        """Describe an image by reference or id; None when the engine does not have it."""
        try:
            found: Mapping[str, Any] = self._api.inspect_image(image)
        except self._errors.ImageNotFound:
            return None
        return found

    def pull(self, image: str, *, platform: str | None = None) -> None:
        """Pull an image; one of the faults tells the reason if it does not arrive.

        Args:
            image: The reference, with a tag or a digest.
            platform: Its platform where an image has several; the engine's own when left out.
        """
        for said in self._api.pull(image, platform=platform, stream=True, decode=True):
            if "error" in said:
                raise self._errors.APIError(said["error"], explanation=said["error"])

    def push(self, repository: str, tag: str) -> Iterator[Mapping[str, Any]]:
        """Push an image, and yield what the engine says while it does, `error` too.

        The credentials are those that Docker's configuration has now, and a cloud's expire.
        """
        self._api.reload_config()
        yield from self._api.push(repository, tag=tag, stream=True, decode=True)

    def tag(self, image: str, repository: str, tag: str) -> None:
        """Give an image a name."""
        self._api.tag(image, repository, tag)

    def remove(self, image: str) -> None:
        """Take a name away, and the image with its last name; what has no such name is no fault."""
        try:
            self._api.remove_image(image)
        except self._errors.ImageNotFound:
            return
