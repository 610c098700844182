"""Requests to a Kubeflow Pipelines server, with limits in time and repetitions."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from google.auth.exceptions import GoogleAuthError
from urllib3.exceptions import HTTPError

from kfpkit.errors import ClusterUnknownError
from kfpkit.specification import find_address, make_api_client
from kfpkit.targets.kubeflow.service.faults import (
    UNAUTHORIZED,
    get_status,
    is_passing,
    refuse_answer,
    translate,
)
from kfpkit.targets.kubeflow.service.login import find_login
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.patience import Patience

Answer = TypeVar("Answer")

_APIS = {"run": "RunServiceApi", "experiment": "ExperimentServiceApi"}
_APIS |= {"healthz": "HealthzServiceApi", "pipeline": "PipelineServiceApi"}
_APIS |= {"upload": "PipelineUploadServiceApi"}
_NOWHERE = "http://localhost"  # what the generated API asks if nothing else is known


@dataclass(frozen=True, kw_only=True)
class KubeflowConnection:
    """A connection to a server.

    Args:
        target: The target.
        api: The generated API's client, logged in.
        patience: How long requests are repeated.
        renew: Called once after a login was refused. None if nothing can be renewed.
    """

    target: KubeflowTarget
    api: Any
    patience: Patience = field(default_factory=Patience)
    renew: Callable[[], None] | None = None

    @property
    def host(self) -> str:
        """The server, as messages have it."""
        return find_address(self.api).partition("://")[2]

    def close(self) -> None:
        """Close the connections that are still open."""
        self.api.rest_client.pool_manager.clear()

    def send(self, method: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Send a request, and repeat it while the server is busy or fails.

        Args:
            method: The name of a method of the generated API, such as `run_service_get_run`.
            *arguments: Its arguments.
            **options: See the generated API.

        Returns:
            The answer's JSON.

        Raises:
            RequestError: It was refused, or not answered.
        """
        return self.repeat(lambda: self.send_once(method, *arguments, **options))

    def repeat(self, what: Callable[[], Answer]) -> Answer:
        """Call something that sends requests, and translate its errors.

        Args:
            what: What to call.

        Raises:
            RequestError: A request was refused, or not answered.
        """
        try:
            return self.patience.repeat(what, is_passing)
        except Exception as error:
            fault = self.translate(error)
            if fault is None:
                raise
            raise fault from error

    def translate(self, error: Exception) -> Exception | None:
        """Return the error of kfpkit for an exception of a request. None if it is none of those.

        Args:
            error: The exception.
        """
        seconds = self.patience.total
        return translate(error, target=self.target, host=self.host, seconds=seconds)

    def send_once(self, method: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Send a request once, and once more with a new login. See `send`.

        Raises:
            ApiException: It was refused.
            HTTPError: It was not answered.
            UnreadableAnswerError: The answer isn't JSON.
        """
        return self._renewing(lambda: self._ask(method, *arguments, **options))

    def read(self, path: str, parameters: Mapping[str, str]) -> tuple[str, bytes]:
        """Read what isn't JSON and has no method in the generated API.

        Args:
            path: The path of the request, with names of parameters in braces.
            parameters: The parameters' values.

        Returns:
            The type of the content, and the content.

        Raises:
            RequestError: It was refused, or not answered.
        """
        seconds = self.patience.request

        def ask() -> tuple[str, bytes]:
            response = self.api.call_api(
                path,
                "GET",
                path_params=dict(parameters),
                auth_settings=["Bearer"],
                _preload_content=False,
                _request_timeout=(seconds, seconds),
                _return_http_data_only=True,
            )
            return response.headers.get("Content-Type", ""), response.data

        return self.repeat(lambda: self._renewing(ask))

    def _renewing(self, ask: Callable[[], Answer]) -> Answer:
        """Send a request, and once more with a new login if this one was refused."""
        try:
            return ask()
        except Exception as error:
            if self.renew is None or get_status(error) != UNAUTHORIZED:
                raise
        self.renew()
        return ask()

    def _ask(self, method: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        generated = importlib.import_module("kfp_server_api")
        service = getattr(generated, _APIS[method.partition("_")[0]])(self.api)
        seconds = self.patience.request
        # The generated API takes answers that aren't JSON for empty ones, so it doesn't read them.
        response = getattr(service, method)(
            *arguments, **options, _preload_content=False, _request_timeout=(seconds, seconds)
        )
        content = response.data
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise refuse_answer(response.status, content, host=self.host)
        return answer


def connect_kubeflow(
    target: KubeflowTarget, *, patience: Patience | None = None
) -> KubeflowConnection:
    """Return a connection to a server. It isn't asked yet.

    Args:
        target: The target.
        patience: How long requests are repeated.

    Raises:
        MissingSecretError: A variable or a file that the target names doesn't exist.
        ClusterUnknownError: The libraries of Kubernetes or Google find no way to the server.
    """
    login = find_login(target)

    def make() -> Any:
        try:
            made = make_api_client(login)
        except (GoogleAuthError, HTTPError, OSError, ValueError) as error:
            cause = " ".join(str(error).split()).rstrip(".")
            raise ClusterUnknownError(
                target=target.name, place=target.place, cause=cause
            ) from error
        if target.host is None and find_address(made) == _NOWHERE:
            cause = "your Kubernetes configuration has no such context"
            raise ClusterUnknownError(target=target.name, place=target.place, cause=cause)
        return made

    api = make()

    def renew() -> None:
        api.configuration.api_key.update(make().configuration.api_key)

    return KubeflowConnection(
        target=target,
        api=api,
        patience=patience or Patience(),
        renew=renew if target.iap_client_id else None,
    )
