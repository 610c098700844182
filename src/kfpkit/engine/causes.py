"""Extracts why a request to a server failed, from the server's or operating system's message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from requests import exceptions  # type: ignore[import-untyped] # requests ships no types
from urllib3.exceptions import ProtocolError

_WAYS = {exceptions.ProxyError: "through the proxy: ", exceptions.SSLError: "over TLS: "}
_OPENSSL = re.compile(r"^\[[^]]*\] | \(_ssl\.c:\d+\)$")  # what it puts around its words


def extract_cause(error: Exception) -> str:
    """Extract the message from what requests, urllib3 and docker wrap around it.

    Args:
        error: The error that the library raised.

    Returns:
        One line without the URL of the request and without a full stop.
    """
    if answer := str(getattr(error, "explanation", None) or "").strip():
        return answer.partition("\n")[0].rstrip(".")
    wrapped = tuple(_chain(error))
    for one in wrapped:
        if said := getattr(one, "strerror", None):
            return _WAYS.get(type(error), "") + _OPENSSL.sub("", said)
    if any(isinstance(one, ProtocolError) for one in wrapped):
        return "its response is not valid HTTP or is truncated"
    return str(error).partition("\n")[0].rstrip(".?") or type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
