"""Who asks a registry: what Docker's configuration or its credential helper knows about a host."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from kfpkit.errors import ImagesNotInstalledError

_log = logging.getLogger("kfpkit")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a registry takes as proof of who asks; all empty for nobody.

    Args:
        user: The user.
        password: The password; a short-lived token where a cloud's credential helper makes one.
        identity_token: What is exchanged for tokens in the place of a user and a password.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The `Authorization` header of a user with a password; "" for others."""
        if not self.user:
            return ""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


def credentials_of(host: str) -> Credentials:
    """Ask Docker's configuration, or the credential helper that it names for a host.

    Args:
        host: The registry's host.

    Returns:
        The credentials; empty ones when there are none, or they cannot be read, which is logged.

    Raises:
        ImagesNotInstalledError: The extra `images` is not installed.
    """
    try:
        from docker import auth  # noqa: PLC0415 - an extra: compiling does without
        from docker.errors import DockerException  # noqa: PLC0415 - as above
    except ImportError:
        raise ImagesNotInstalledError from None
    try:
        found = auth.load_config().resolve_authconfig(host) or {}
    except (DockerException, ValueError, KeyError) as error:
        # The library hands on what is no JSON. Nobody may be enough: many registries can be read.
        _log.warning("Docker's login for `%s` cannot be read, so it is left out: %s", host, error)
        return Credentials()
    return Credentials(
        user=_value(found, "username"),
        password=_value(found, "password"),
        identity_token=_value(found, "identitytoken"),
    )


def _value(found: Mapping[str, object], name: str) -> str:
    """Read a value; the library spells names in capitals where a credential helper answered."""
    return next((str(value) for key, value in found.items() if key.lower() == name and value), "")
