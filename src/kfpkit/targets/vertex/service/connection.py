"""Requests to Google Cloud, with limits in time and repetitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import requests  # type: ignore[import-untyped] # requests ships no types
from google.api_core import exceptions, retry
from google.auth.transport.requests import AuthorizedSession

from kfpkit.errors import UnreadableAnswerError
from kfpkit.targets.patience import Patience
from kfpkit.targets.target import VertexTarget
from kfpkit.targets.vertex.service.answers import read_beginning, read_json, read_text
from kfpkit.targets.vertex.service.credentials import TargetCredentials, find_credentials
from kfpkit.targets.vertex.service.faults import Context, translate

Answer = TypeVar("Answer")

BUSY = (exceptions.TooManyRequests,)
"""What refuses a request that it hasn't taken."""

UNCERTAIN = (
    exceptions.InternalServerError,
    exceptions.BadGateway,
    exceptions.ServiceUnavailable,
    exceptions.GatewayTimeout,
    requests.ConnectionError,
    requests.Timeout,
)
"""What may follow a request that was taken."""

_IS_PASSING = retry.if_exception_type(*BUSY, *UNCERTAIN)
_SEVERAL_REGIONS = frozenset({"us", "eu"})


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A connection to the services of Google Cloud.

    Args:
        target: The target.
        credentials: The credentials for it.
        session: What sends requests with them.
        addresses: The addresses of services that aren't Google's, by the service's name.
        patience: How long requests are repeated.
    """

    target: VertexTarget
    credentials: TargetCredentials
    session: AuthorizedSession
    addresses: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)

    def find_address(self, service: str) -> str:
        """Return the address of a service.

        Args:
            service: Its name, such as `aiplatform`.
        """
        return self.addresses.get(service) or make_address(self.target, service)

    def send(self, service: str, verb: str, path: str, **options: Any) -> Any:
        """Send a request, and repeat it while its service is busy or fails.

        Args:
            service: The service's name, such as `aiplatform`.
            verb: The HTTP verb.
            path: The path, which begins with `/`.
            **options: See `send_once`.

        Returns:
            The answer's JSON.

        Raises:
            RequestError: It was refused, or not answered.
        """
        return self.repeat(service, lambda: self.send_once(service, verb, path, **options))

    def upload_once(self, service: str, address: str, form: Mapping[str, Any]) -> str:
        """Send a form once.

        Args:
            service: The service's name, if it has another address than Google's.
            address: Google's address.
            form: Its fields, each with a file name and a content.

        Returns:
            The answer's text.

        Raises:
            GoogleAPICallError: It was refused.
            RequestException: It was not answered.
        """
        own = self.addresses.get(service)
        host, _, path = address.removeprefix("https://").partition("/")
        with self.session.request(
            "POST",
            f"{own}/{path}" if own else address,
            files=form,
            headers={"Host": host},  # which has the location
            timeout=self.patience.request,
            allow_redirects=False,
        ) as response:
            return read_text(response, host)

    def download_once(self, service: str, path: str, query: Mapping[str, str], most: int) -> bytes:
        """Fetch the beginning of a content once. No redirection is followed.

        Args:
            service: The service's name, such as `storage`.
            path: The path, which begins with `/`.
            query: The query.
            most: How many bytes to fetch at most.

        Raises:
            GoogleAPICallError: It was refused.
            RequestException: It was not answered.
            UnreadableAnswerError: The answer is something else, such as a redirection.
        """
        with self.session.request(
            "GET",
            f"{self.find_address(service)}{path}",
            params=query,
            timeout=self.patience.request,
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code == requests.codes.ok:
                return read_beginning(response, most)
            host = self.describe(service).service
            read_text(response, host)
            raise UnreadableAnswerError(service=host, status=response.status_code, beginning="")

    def find(self, service: str, path: str) -> Any:
        """Return the JSON of a resource. None if it doesn't exist.

        Args:
            service: The service's name, such as `storage`.
            path: The path, which begins with `/`.

        Raises:
            RequestError: The request was refused, or not answered.
        """

        def ask() -> Any:
            try:
                return self.send_once(service, "GET", path)
            except exceptions.NotFound:
                return None

        return self.repeat(service, ask)

    def repeat(self, service: str, what: Callable[[], Answer]) -> Answer:
        """Call something that sends requests, and translate its errors.

        Args:
            service: The service's name.
            what: What to call.

        Raises:
            RequestError: A request was refused, or not answered.
        """
        try:
            return self.patience.repeat(what, _IS_PASSING)
        except Exception as error:
            fault = translate(error, self.describe(service))
            if fault is None:
                raise
            raise fault from error

    def describe(self, service: str) -> Context:
        """Return what errors say about requests to a service.

        Args:
            service: The service's name.
        """
        return Context(
            service=self.find_address(service).partition("://")[2],
            target=self.target,
            account=self.credentials.owner,
            seconds=self.patience.total,
        )

    def send_once(
        self,
        service: str,
        verb: str,
        path: str,
        *,
        query: Mapping[str, str | list[str]] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
    ) -> Any:
        """Send a request once.

        Args:
            service: The service's name, such as `aiplatform`.
            verb: The HTTP verb.
            path: The path, which begins with `/`.
            query: The query.
            body: The body: values of JSON, or the content of a file.

        Returns:
            The answer's JSON.

        Raises:
            GoogleAPICallError: It was refused.
            RequestException: It was not answered.
            UnreadableAnswerError: The answer isn't JSON.
        """
        response = self.session.request(
            verb,
            f"{self.find_address(service)}{path}",
            params=query,
            json=None if isinstance(body, bytes) else body,
            data=body if isinstance(body, bytes) else None,
            headers={"Content-Type": "application/yaml"} if isinstance(body, bytes) else None,
            timeout=self.patience.request,
            allow_redirects=False,
        )
        with response:
            return read_json(response, self.describe(service).service)


def make_address(target: VertexTarget, service: str) -> str:
    """Return the address of a service of Google Cloud.

    Args:
        target: The target, whose region Vertex AI's address has.
        service: The service's name, such as `aiplatform`.
    """
    if service != "aiplatform" or target.location == "global":
        return f"https://{service}.googleapis.com"
    if target.location in _SEVERAL_REGIONS:
        return f"https://{service}.{target.location}.rep.googleapis.com"
    return f"https://{target.location}-{service}.googleapis.com"


def connect(
    target: VertexTarget,
    *,
    credentials: TargetCredentials | None = None,
    addresses: Mapping[str, str] | None = None,
    patience: Patience | None = None,
) -> Connection:
    """Return a connection to the services of a target. Nothing is sent yet.

    Args:
        target: The target.
        credentials: Its credentials. By default, the application default credentials.
        addresses: The addresses of services that aren't Google's.
        patience: How long requests are repeated.

    Raises:
        NoCredentialsError: There are no credentials.
    """
    found = credentials or find_credentials(target)
    return Connection(
        target=target,
        credentials=found,
        session=AuthorizedSession(found.credentials),
        addresses=addresses or {},
        patience=patience or Patience(),
    )
