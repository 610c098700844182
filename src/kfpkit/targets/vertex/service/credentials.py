"""The credentials of a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import google.auth
from google.auth import exceptions, impersonated_credentials

from kfpkit.errors import NoCredentialsError
from kfpkit.targets.target import VertexTarget

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


@dataclass(frozen=True, kw_only=True)
class TargetCredentials:
    """Credentials, and whose they are.

    Args:
        credentials: Credentials of google-auth.
        account: The account's email address. None if the credentials don't tell, as those of a
            person.
    """

    credentials: Any
    account: str | None = None

    @property
    def owner(self) -> str:
        """The account, as messages have it."""
        return f"`{self.account}`" if self.account else "your account"


def find_credentials(target: VertexTarget) -> TargetCredentials:
    """Find the application default credentials, as a target changes them.

    Args:
        target: The target, which may impersonate an account and choose a project for quotas.

    Raises:
        NoCredentialsError: There are none.
    """
    try:
        found, _ = google.auth.default(scopes=_SCOPES, quota_project_id=target.quota_project)
    except exceptions.GoogleAuthError as error:
        raise NoCredentialsError(cause=_shorten(error)) from error
    if target.impersonate_service_account:
        found = impersonated_credentials.Credentials(
            source_credentials=found,
            target_principal=target.impersonate_service_account,
            target_scopes=_SCOPES,
            quota_project_id=target.quota_project,
        )
    # `default` is what those of a virtual machine have before their first request.
    account = getattr(found, "service_account_email", None) or getattr(found, "account", None)
    return TargetCredentials(
        credentials=found, account=None if account in {None, "", "default"} else str(account)
    )


def _shorten(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith(".") else f"{text}."
