"""What the services of Google Cloud answer."""

from __future__ import annotations

from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types
from google.api_core import exceptions

from kfpkit.errors import UnreadableAnswerError

_SHOWN = 80  # characters of an answer that is no JSON
_LOWEST_ERROR = 400
_PART = 2**16


def read_json(response: requests.Response, service: str) -> Any:
    """Return the JSON of an answer.

    Args:
        response: The answer.
        service: The host that it is from.

    Raises:
        GoogleAPICallError: The request was refused.
        UnreadableAnswerError: The answer isn't JSON.
    """
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.status_code < _LOWEST_ERROR and isinstance(answer, dict):
        return answer
    if answer is None:  # Cloud Storage answers some uploads with a line of plain text
        is_google = response.status_code >= _LOWEST_ERROR and "<" not in response.text
    else:
        is_google = isinstance(answer, dict) and isinstance(answer.get("error"), dict)
    # Google's own balancers answer 429 and 5xx with a page.
    if not is_google and response.status_code not in {429, 500, 502, 503, 504}:
        beginning = " ".join(response.text.split())[:_SHOWN]
        raise UnreadableAnswerError(
            service=service, status=response.status_code, beginning=beginning
        )
    raise exceptions.from_http_response(response)


def read_text(response: requests.Response, service: str) -> str:
    """Return the text of an answer.

    Args:
        response: The answer.
        service: The host that it is from.

    Raises:
        GoogleAPICallError: The request was refused.
        UnreadableAnswerError: It was refused by something else than Google's service.
    """
    if response.status_code >= _LOWEST_ERROR:
        read_json(response, service)  # it raises
    return str(response.text)


def read_beginning(response: requests.Response, most: int) -> bytes:
    """Return the beginning of an answer's content, which is read no further.

    Args:
        response: The answer.
        most: The number of bytes to return at most.
    """
    content = b""
    for part in response.iter_content(_PART):
        content += part
        if len(content) >= most:
            break
    return content[:most]
