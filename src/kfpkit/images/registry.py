"""Asking a registry which images it has, over its HTTP API.

Reading only: what is pushed is pushed by the engine. One client is used by many threads.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests  # type: ignore[import-untyped] # requests ships no types
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped] # as above
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from kfpkit.errors import RegistryDeniedError, RegistryFaultError, RegistryUnreachableError
from kfpkit.images.causes import cause_of
from kfpkit.images.credentials import Credentials, credentials_of
from kfpkit.images.engine import PLATFORM
from kfpkit.images.references import Reference

THREADS = 16
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPT = {"Accept": ", ".join((*_INDEXES, *_MANIFESTS))}
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


@dataclass(frozen=True, kw_only=True)
class RemoteImage:
    """What a registry tells about an image.

    Args:
        digest: What pins it, `sha256:…`.
        size: The bytes that a pull transfers when nothing is there yet.
        labels: The image's labels.
    """

    digest: str
    size: int
    labels: Mapping[str, str]


class Registry:
    """The registry at one host."""

    def __init__(self, *, timeout: tuple[float, float] = _TIMEOUT) -> None:
        """Make a client that waits for `timeout` seconds: to connect, and for an answer."""
        self._timeout = timeout
        self._tokens: dict[str, str] = {}
        self._challenges: dict[str, str] = {}
        self._tokens_lock = threading.Lock()
        self._credentials: dict[str, Credentials] = {}
        self._credentials_lock = threading.Lock()
        self._session = requests.Session()
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=THREADS, max_retries=_RETRY)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def digest(self, reference: Reference) -> str | None:
        """Ask for an image's digest; None when the registry does not have the tag."""
        answer = self._ask("HEAD", reference, f"manifests/{reference.tag}", _ACCEPT)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        digest = answer.headers.get("Docker-Content-Digest")
        return str(digest) if digest else self.image(reference).digest

    def find(self, reference: Reference) -> RemoteImage | None:
        """Ask for all that the registry tells about an image; None when it has no such tag."""
        return None if self.digest(reference) is None else self.image(reference)

    def image(self, reference: Reference) -> RemoteImage:
        """Read the manifest and the labels of an image that the registry has.

        An index without an image for kfpkit's platform has no labels, thus is no image of kfpkit.
        """
        answer = self._ask("GET", reference, f"manifests/{reference.tag}", _ACCEPT)
        manifest = _json(answer)
        digest = str(answer.headers.get("Docker-Content-Digest", ""))
        if manifest.get("mediaType") in _INDEXES or "manifests" in manifest:
            own = _of_platform(manifest)
            if own is None:
                return RemoteImage(digest=digest, size=0, labels={})
            manifest = _json(self._ask("GET", reference, f"manifests/{own}", _ACCEPT))
        if "config" not in manifest:
            raise RegistryFaultError(
                host=reference.host,
                repository=reference.repository,
                status=answer.status_code,
                text="the answer is no manifest of an image",
            )
        config = _json(self._ask("GET", reference, f"blobs/{manifest['config']['digest']}", {}))
        layers = manifest.get("layers", [])
        size = sum(layer["size"] for layer in layers) + manifest["config"]["size"]
        labels = (config.get("config") or {}).get("Labels") or {}
        return RemoteImage(digest=digest, size=size, labels=labels)

    def _ask(
        self, method: str, reference: Reference, path: str, headers: Mapping[str, str]
    ) -> requests.Response:
        url = f"{reference.api}/{reference.repository}/{path}"
        answer = self._send(method, url, reference, headers)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._challenges[reference.host] = answer.headers.get("WWW-Authenticate", "")
            with self._tokens_lock:
                self._tokens.pop(reference.name, None)
            answer = self._send(method, url, reference, headers)
        status = answer.status_code
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise RegistryDeniedError(
                host=reference.host, repository=reference.repository, status=status
            )
        is_missing = status == HTTPStatus.NOT_FOUND and method == "HEAD"
        if status >= HTTPStatus.BAD_REQUEST and not is_missing:
            raise RegistryFaultError(
                host=reference.host,
                repository=reference.repository,
                status=status,
                text=answer.text[:200].strip(),
            )
        return answer

    def _send(
        self, method: str, url: str, reference: Reference, headers: Mapping[str, str]
    ) -> requests.Response:
        sent = dict(headers)
        authorization = self._authorization(reference)
        if authorization:
            sent["Authorization"] = authorization
        return self._request(method, url, reference, headers=sent)

    def _authorization(self, reference: Reference) -> str:
        challenge = self._challenges.get(reference.host, "")
        kind = challenge.partition(" ")[0].lower()
        if kind == "basic":
            return self._who(reference.host).basic
        if kind != "bearer":
            return ""
        with self._tokens_lock:
            token = self._tokens.get(reference.name)
        if token is None:
            token = self._token(reference, challenge)
            with self._tokens_lock:
                self._tokens[reference.name] = token
        return f"Bearer {token}"

    def _token(self, reference: Reference, challenge: str) -> str:
        fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        asked = {"scope": f"repository:{reference.repository}:pull"}
        if "service" in fields:
            asked["service"] = fields["service"]
        who, realm = self._who(reference.host), fields.get("realm", "")
        if who.identity_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": who.identity_token}
            asked["client_id"] = "kfpkit"
            answer = self._request("POST", realm, reference, data=asked)
        else:
            headers = {"Authorization": who.basic} if who.basic else {}
            answer = self._request("GET", realm, reference, params=asked, headers=headers)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RegistryDeniedError(
                host=reference.host, repository=reference.repository, status=answer.status_code
            )
        document = _json(answer)
        return str(document.get("token") or document.get("access_token") or "")

    def _who(self, host: str) -> Credentials:
        """Ask for credentials once: a credential helper is a program that may take a second."""
        with self._credentials_lock:
            if host not in self._credentials:
                self._credentials[host] = credentials_of(host)
            return self._credentials[host]

    def _request(
        self, method: str, url: str, reference: Reference, **settings: Any
    ) -> requests.Response:
        try:
            return self._session.request(method, url, timeout=self._timeout, **settings)
        except (requests.RequestException, HTTPError) as error:
            # Retried timeouts arrive as connection errors.
            slow = f"it does not answer within {self._timeout[1]:.0f} seconds"
            cause = slow if "timed out" in str(error) else cause_of(error)
            raise RegistryUnreachableError(host=reference.host, cause=cause) from error


def _of_platform(index: Mapping[str, Any]) -> str | None:
    for entry in index.get("manifests", []):
        platform = entry.get("platform", {})
        if f"{platform.get('os')}/{platform.get('architecture')}" == PLATFORM:
            return str(entry["digest"])
    return None


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {}
