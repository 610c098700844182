"""Proofs of identity for a registry: a user with a password, or a token created from them.

Proofs are kept, because creating one takes a credential helper and a token server. They expire: a
token after minutes, the credentials of a cloud's helper after an hour.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from http import HTTPStatus

import requests  # type: ignore[import-untyped] # requests ships no types

from kfpkit.errors import RegistryDeniedError, RegistryFaultError, RegistryLoginError
from kfpkit.images.registry.credentials import Credentials, find_login_fault, read_credentials
from kfpkit.images.registry.references import Reference
from kfpkit.images.registry.transport import Transport, read_document, read_excerpt

DENIALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_NOBODY = Credentials()


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A proof for a registry.

    Args:
        header: The `Authorization` header. "" for anonymous access.
        credentials: The credentials that it was created from.
    """

    header: str = field(default="", repr=False)
    credentials: Credentials = _NOBODY


class Proofs:
    """The proofs of one caller for many repositories. Safe for threads."""

    def __init__(self, transport: Transport, *, actions: str = "pull") -> None:
        """Request tokens for some `actions` from token servers, through `transport`."""
        self._transport = transport
        self._actions = actions
        self._challenges: dict[str, str] = {}
        self._tokens: dict[str, Proof] = {}
        self._credentials: dict[str, Credentials] = {}
        self._lock = threading.Lock()

    def proof(self, reference: Reference) -> Proof:
        """Return the proof for a repository. Empty until its registry requests one.

        Raises:
            RegistryDeniedError: The token server denies access.
            RegistryError: The token server can't be reached.
        """
        challenge = self._challenges.get(reference.host, "")
        kind = challenge.partition(" ")[0].lower()
        if kind == "basic":
            who = self._who(reference.host)
            return Proof(header=who.basic, credentials=who)
        if kind != "bearer":
            return Proof()
        token = self._tokens.get(reference.name)
        if token is None:
            token = self._tokens[reference.name] = self._token(reference, challenge)
        return token

    def refuse(self, reference: Reference, shown: Proof, challenge: str) -> None:
        """Record which proof a registry requests. A rejected proof isn't sent again."""
        self._challenges[reference.host] = challenge
        self._drop(reference, shown)

    def renew(self, reference: Reference, shown: Proof) -> bool:
        """Read the credentials again, and return whether they differ from the rejected ones."""
        is_new = self._ask_anew(reference.host, shown.credentials)
        if is_new:
            self._drop(reference, shown)
        return is_new

    def _drop(self, reference: Reference, shown: Proof) -> None:
        """Drop a token, unless another thread has replaced it."""
        if self._tokens.get(reference.name) is shown:
            self._tokens.pop(reference.name, None)

    def _ask_anew(self, host: str, refused: Credentials) -> bool:
        """Let only the first of the threads with the same rejected credentials read them again."""
        with self._lock:
            if self._credentials.get(host) == refused:
                self._credentials[host] = read_credentials(host)
            return self._credentials.get(host, refused) != refused

    def _who(self, host: str) -> Credentials:
        """Read credentials once. A credential helper is a program that may take a second."""
        with self._lock:
            if host not in self._credentials:
                self._credentials[host] = read_credentials(host)
            return self._credentials[host]

    def _token(self, reference: Reference, challenge: str) -> Proof:
        who = self._who(reference.host)
        answer = self._ask_for_token(reference, challenge, who)
        if answer.status_code in DENIALS and self._ask_anew(reference.host, who):
            who = self._who(reference.host)
            answer = self._ask_for_token(reference, challenge, who)
        status = answer.status_code
        if status in DENIALS:
            raise denial(reference, status)
        if status >= HTTPStatus.BAD_REQUEST:
            raise RegistryFaultError(
                host=reference.host,
                repository=reference.repository,
                status=status,
                text=f"its token server reported: {read_excerpt(answer)}".rstrip(": "),
            )
        document = read_document(answer)
        token = document.get("token") or document.get("access_token") or ""
        return Proof(header=f"Bearer {token}", credentials=who)

    def _ask_for_token(
        self, reference: Reference, challenge: str, who: Credentials
    ) -> requests.Response:
        fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = fields.get("realm", "")
        asked = {"scope": f"repository:{reference.repository}:{self._actions}"}
        if "service" in fields:
            asked["service"] = fields["service"]
        if who.identity_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": who.identity_token}
            asked["client_id"] = "kfpkit"
            return self._transport.request("POST", realm, host=reference.host, data=asked)
        headers = {"Authorization": who.basic} if who.basic else {}
        return self._transport.request(
            "GET", realm, host=reference.host, params=asked, headers=headers
        )


def denial(reference: Reference, status: int) -> RegistryDeniedError:
    """Create the error for a registry that denies access."""
    host, repository = reference.host, reference.repository
    if fault := find_login_fault(host):
        return RegistryLoginError(
            host=host,
            repository=repository,
            status=status,
            cause=fault.cause,
            remedy=fault.remedy,
        )
    return RegistryDeniedError(host=host, repository=repository, status=status)
