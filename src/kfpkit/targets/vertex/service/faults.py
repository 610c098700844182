"""What Google Cloud refuses, as errors of kfpkit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types
from google.api_core import exceptions
from google.auth import exceptions as auth_exceptions

from kfpkit.errors import (
    ApiDisabledError,
    CredentialsRefusedError,
    InvalidRequestError,
    MissingResourceError,
    PermissionDeniedError,
    QuotaExceededError,
    RequestError,
    ServiceFailedError,
    ServiceUnreachableError,
)
from kfpkit.targets.target import VertexTarget

_QUOTED_PERMISSION = re.compile(r"[Pp]ermission '?([a-z][a-zA-Z]*(?:\.[a-zA-Z]+){2})'?")
_ADDRESS = re.compile(r"^[A-Z]+ https?://\S+: ")  # google-api-core puts it before the message
_LONGEST = 400  # characters of a service's own message


@dataclass(frozen=True, kw_only=True)
class Context:
    """What errors say about a request.

    Args:
        service: The host that it goes to.
        target: The target.
        account: Whose credentials it has, as messages have it.
        seconds: How long it is repeated.
    """

    service: str
    target: VertexTarget
    account: str
    seconds: float


def translate(error: Exception, context: Context) -> RequestError | None:
    """Return the error for an exception of a request. None if it is none of those.

    Args:
        error: The exception, of google-auth, google-api-core or requests.
        context: What errors say about the request.
    """
    if isinstance(error, exceptions.RetryError):
        return translate(error.cause, context)
    if isinstance(error, auth_exceptions.TransportError):
        return ServiceUnreachableError(service="Google's sign-in", cause=_shorten(error))
    if isinstance(error, auth_exceptions.GoogleAuthError):
        return CredentialsRefusedError(account=context.account, cause=_end(_shorten(error)))
    if isinstance(error, exceptions.GoogleAPICallError):
        return _translate_refusal(error, context)
    if isinstance(error, requests.RequestException):
        return ServiceUnreachableError(service=context.service, cause=_describe(error))
    return None


def _translate_refusal(error: Any, context: Context) -> RequestError:
    cause = _end(_shorten(_ADDRESS.sub("", error.message)))
    if error.code == requests.codes.unauthorized:
        return CredentialsRefusedError(account=context.account, cause=cause)
    if error.code == requests.codes.forbidden:
        return _translate_denial(error, context, cause)
    if error.code == requests.codes.not_found:
        target = context.target
        return MissingResourceError(
            resource=f"What the request to {context.service} names",
            cause=cause,
            remedy=f"Check `project` and `location` of the target `{target.name}`: "
            f"`kfpkit target check {target.name}`.",
        )
    if error.code == requests.codes.too_many_requests:
        return QuotaExceededError(cause=cause, seconds=context.seconds)
    if error.code >= requests.codes.server_error:
        return ServiceFailedError(service=context.service, cause=cause, seconds=context.seconds)
    return InvalidRequestError(cause=cause, details=list(_list_details(error)))


def _translate_denial(error: Any, context: Context, cause: str) -> RequestError:
    facts = error.metadata or {}
    project = context.target.project
    if error.reason == "SERVICE_DISABLED":
        api = facts.get("service", context.service)
        return ApiDisabledError(api=api, project=_find_project(facts) or project)
    quoted = _QUOTED_PERMISSION.search(error.message)
    return PermissionDeniedError(
        account=context.account,
        permission=facts.get("permission") or (quoted[1] if quoted else None),
        resource=f"`{facts['resource']}`" if facts.get("resource") else context.service,
        project=project,
        cause=cause,
    )


def _find_project(facts: dict[str, str]) -> str | None:
    """Return the project that Google names, `projects/123`: it may be the one for quotas."""
    return facts.get("consumer", "").removeprefix("projects/") or None


def _list_details(error: Any) -> Iterator[str]:
    """Yield the single faults of a request, such as those of preflight validations."""
    for detail in error.details:
        if not isinstance(detail, dict):
            continue
        if "errorCause" in detail:
            yield f"{detail['errorCause']}: {detail.get('publicMessage', '')}"
        for violation in detail.get("fieldViolations", ()):
            yield f"{violation.get('field', '')}: {violation.get('description', '')}"


def _describe(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy failed: {_shorten(error)}"
    if isinstance(error, requests.exceptions.SSLError):
        return f"its certificate isn't trusted: {_shorten(error)}"
    return _shorten(error)


def _shorten(error: object) -> str:
    return " ".join(str(error).split())[:_LONGEST].rstrip(".")


def _end(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
