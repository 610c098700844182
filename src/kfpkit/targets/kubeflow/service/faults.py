"""What a Kubeflow Pipelines server refuses, as errors of kfpkit."""

from __future__ import annotations

import json
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types
from google.api_core.exceptions import RetryError
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from kfpkit.errors import (
    InvalidRequestError,
    KubeflowDeniedError,
    KubeflowLoginError,
    MissingResourceError,
    MissingSecretError,
    RequestError,
    ServiceFailedError,
    ServiceUnreachableError,
    UnreadableAnswerError,
)
from kfpkit.targets.kubeflow.service.login import describe_login
from kfpkit.targets.kubeflow_target import KubeflowTarget

UNAUTHORIZED = requests.codes.unauthorized
_BUSY = frozenset({requests.codes.too_many_requests})
_FAILING = frozenset({500, 502, 503, 504})
_MESSAGES = ("message", "error_message")
_MOVED = range(300, 400)
_LONGEST = 400  # characters of a server's own message
_SHOWN = 80  # characters of an answer that is no JSON


def get_status(error: Exception) -> int | None:
    """Return the status of an answer that is an exception of the generated API, or None.

    Args:
        error: The exception.
    """
    # Its class can't be imported without the libraries of Kubernetes.
    return getattr(error, "status", None) if type(error).__name__ == "ApiException" else None


def is_passing(error: Exception) -> bool:
    """Return whether a request may succeed later.

    Args:
        error: Its exception.
    """
    return may_have_arrived(error) or get_status(error) in _BUSY


def may_have_arrived(error: Exception) -> bool:
    """Return whether a server may have taken a request all the same.

    Args:
        error: The request's exception.
    """
    return isinstance(error, HTTPError) or get_status(error) in _FAILING


def refuse_answer(status: int, content: bytes, *, host: str) -> UnreadableAnswerError:
    """Return the error for an answer that isn't the server's.

    Args:
        status: Its status.
        content: What it has.
        host: The server.
    """
    text = " ".join(content.decode("utf-8", "replace").split())[:_SHOWN]
    return UnreadableAnswerError(
        service=host,
        status=status,
        beginning=text,
        remedy="Something else than Kubeflow Pipelines may have answered: check `host` in the "
        "target, which must lead to `/apis/v2beta1/healthz`, and its login.",
    )


def translate(
    error: Exception, *, target: KubeflowTarget, host: str, seconds: float
) -> RequestError | None:
    """Return the error for an exception of a request. None if it is none of those.

    Args:
        error: The exception, of the generated API, urllib3 or google-api-core.
        target: The target.
        host: The server.
        seconds: How long the request was repeated.
    """
    if isinstance(error, RetryError):
        return translate(error.cause, target=target, host=host, seconds=seconds)
    if isinstance(error, HTTPError):
        return ServiceUnreachableError(service=host, cause=_describe(error))
    if isinstance(error, OSError) and target.token_file:  # it is read before each request
        cause = f"the file can't be read ({error.strerror})"
        return MissingSecretError(
            target=target.name, key="token-file", reference=target.token_file, cause=cause
        )
    status = get_status(error)
    if status is None:
        return None
    return _translate_refusal(status, error, target=target, host=host, seconds=seconds)


def _translate_refusal(
    status: int, error: Any, *, target: KubeflowTarget, host: str, seconds: float
) -> RequestError:
    cause, is_own = _read_message(error)
    if status == UNAUTHORIZED or status in _MOVED:
        if status in _MOVED:
            cause = f"it redirects to {(error.headers or {}).get('Location', 'another page')}."
        return KubeflowLoginError(
            target=target.name, host=host, login=describe_login(target), cause=cause
        )
    if status == requests.codes.forbidden:
        return KubeflowDeniedError(host=host, namespace=target.namespace, cause=cause)
    if status in _BUSY or status >= requests.codes.server_error:
        return ServiceFailedError(service=host, cause=cause, seconds=seconds)
    if not is_own:
        return refuse_answer(status, (error.body or "").encode(), host=host)
    if status == requests.codes.not_found:
        return MissingResourceError(
            resource=f"What the request to {host} names",
            cause=cause,
            remedy=f"Check `host` and `namespace` of the target `{target.name}`: "
            f"`kfpkit target check {target.name}`.",
        )
    return InvalidRequestError(service="Kubeflow Pipelines", cause=cause, details=[])


def _read_message(error: Any) -> tuple[str, bool]:
    """Return what an answer says, and whether it is in the form of the server."""
    text = error.body or error.reason or ""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    # What isn't part of gRPC's gateway, such as uploads, has another name for its message.
    found = [answer.get(key) for key in _MESSAGES] if isinstance(answer, dict) else []
    message = next(filter(None, found), None)
    return _end(_shorten(message or text)), message is not None


def _describe(error: Exception) -> str:
    reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    if isinstance(reason, SSLError):
        return f"its certificate isn't trusted (`ca-file`): {_shorten(reason)}"
    return _shorten(reason)


def _shorten(error: object) -> str:
    return " ".join(str(error).split())[:_LONGEST].rstrip(".")


def _end(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
