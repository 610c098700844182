"""Reads credentials for a registry from Docker's configuration or its credential helper."""

from __future__ import annotations

import base64
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kfpkit.errors import ImagesNotInstalledError

_log = logging.getLogger("kfpkit")
_DOCKER_HUB = "https://index.docker.io/v1/"  # as Docker's configuration has it


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The credentials for a registry. All fields are empty for anonymous access.

    Args:
        user: The user.
        password: The password. A cloud's credential helper creates a short-lived token.
        identity_token: A token to exchange for access tokens, instead of a user and a password.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The `Authorization` header of a user with a password. "" for others."""
        if not self.user:
            return ""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True, kw_only=True)
class LoginFault:
    """The reason why an existing login can't be used.

    Args:
        cause: The problem.
        remedy: The next step.
    """

    cause: str
    remedy: str


def read_credentials(host: str) -> Credentials:
    """Read credentials from Docker's configuration, or from its credential helper for a host.

    Args:
        host: The registry's host.

    Returns:
        The credentials. Empty if there are none, or if they can't be read. The latter is logged,
        unless `login_fault` reports it when a registry denies access.

    Raises:
        ImagesNotInstalledError: The extra `images` is not installed.
    """
    try:
        from docker import auth  # noqa: PLC0415 - an extra: compiling does without
        from docker.errors import DockerException  # noqa: PLC0415 - as above
    except ImportError:
        raise ImagesNotInstalledError from None
    if find_login_fault(host):
        return Credentials()
    try:
        found = auth.load_config().resolve_authconfig(host) or {}
    except (DockerException, ValueError, KeyError) as error:
        # The library hands on what is no JSON. Nobody may be enough: many registries can be read.
        _log.warning("Docker's login for `%s` cannot be read and is ignored: %s", host, error)
        return Credentials()
    return Credentials(
        user=_read_value(found, "username"),
        password=_read_value(found, "password"),
        identity_token=_read_value(found, "identitytoken"),
    )


def find_login_fault(host: str) -> LoginFault | None:
    """Find out why Docker's configuration, or its credential helper, can't be used.

    Args:
        host: The registry's host.

    Returns:
        The problem. None if a login can be read, whether one exists or not.
    """
    from docker.utils import config  # noqa: PLC0415 - an extra: compiling does without

    found = config.find_config_file()
    if found is None or Path(found).name != config.DOCKER_CONFIG_FILENAME.rpartition("/")[2]:
        return None
    again = f"log in with `docker login {host}`"
    try:
        settings = json.loads(Path(found).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return LoginFault(
            cause=f"Docker's configuration {found} cannot be read ({error})",
            remedy=f"Correct the file, or delete it and {again}.",
        )
    helper = _find_helper(settings, host)
    if not helper or shutil.which(f"docker-credential-{helper}"):
        return None
    return LoginFault(
        cause=f"the credential helper `docker-credential-{helper}`, which {found} sets for it, is "
        "not on the path",
        remedy=f"Install it, or remove it from that file and {again}.",
    )


def _find_helper(settings: object, host: str) -> str:
    """Return the name of the credential helper for a host. "" if there is none."""
    if not isinstance(settings, dict):
        return ""
    for_hosts = settings.get("credHelpers")
    key = _DOCKER_HUB if host == "docker.io" else host
    own = for_hosts.get(key) if isinstance(for_hosts, dict) else None
    return str(own or settings.get("credsStore") or "")


def _read_value(found: Mapping[str, object], name: str) -> str:
    """Read a value. The library capitalizes names that come from a credential helper."""
    return next((str(value) for key, value in found.items() if key.lower() == name and value), "")
