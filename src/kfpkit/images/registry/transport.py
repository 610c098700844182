"""HTTP for registries: patient with a busy registry, with short error messages."""

from __future__ import annotations

import os
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped] # as above
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from kfpkit.engine import extract_cause
from kfpkit.errors import RegistryTlsError, RegistryUnreachableError

THREADS = 16
_RETRY = Retry(
    total=4,
    connect=1,
    read=1,
    status=4,
    backoff_factor=0.3,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=("HEAD", "GET", "POST"),  # POST asks for a token, nothing else
    raise_on_status=False,
    retry_after_max=20,
)
_TIMEOUT = (5.0, 20.0)
_EXCERPT = 200


class Transport:
    """Connections that many threads share."""

    def __init__(self, *, timeout: tuple[float, float] = _TIMEOUT) -> None:
        """Wait for `timeout` seconds: to connect, and for an answer."""
        self._timeout = timeout
        self._session = requests.Session()
        # requests itself reads REQUESTS_CA_BUNDLE, which goes before this.
        self._session.verify = os.environ.get("SSL_CERT_FILE") or True
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=THREADS, max_retries=_RETRY)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def request(self, method: str, url: str, *, host: str, **settings: Any) -> requests.Response:
        """Send a request, and return the response, whatever its status.

        Args:
            method: The method.
            url: The URL.
            host: The registry's host, for errors.
            settings: Arguments of `requests.request`.

        Raises:
            RegistryUnreachableError: Nothing responds, or not in time, or not with a trusted
                certificate.
        """
        try:
            return self._session.request(method, url, timeout=self._timeout, **settings)
        except (OSError, HTTPError) as error:
            # requests has no error of its own for a file of certificates that is not there.
            is_own = isinstance(error, (requests.RequestException, HTTPError))
            if isinstance(error, requests.exceptions.SSLError) or not is_own:
                raise RegistryTlsError(host=host, cause=extract_cause(error)) from error
            # Retried timeouts arrive as connection errors.
            slow = f"it did not respond within {self._timeout[1]:.0f} seconds"
            cause = slow if "timed out" in str(error) else extract_cause(error)
            raise RegistryUnreachableError(host=host, cause=cause) from error


def read_document(answer: requests.Response) -> dict[str, Any]:
    """Read a response's JSON. Empty if it isn't JSON."""
    try:
        document = answer.json()
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {}


def read_excerpt(answer: requests.Response) -> str:
    """Return a response in one line: the registry's errors, or the beginning of the body.

    For an HTML page, which a proxy may return, the result is only the status in words.
    """
    errors = read_document(answer).get("errors")
    listed = errors if isinstance(errors, list) else []
    messages = [str(one.get("message") or "") for one in listed if isinstance(one, dict)]
    is_page = "html" in answer.headers.get("Content-Type", "")
    said = "; ".join(filter(None, messages)) or str(answer.reason if is_page else answer.text)
    return " ".join(said.split())[:_EXCERPT].rstrip(". ")
