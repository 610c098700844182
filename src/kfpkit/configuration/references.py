"""References to secrets, which configurations have instead of the secrets, and names of secrets."""

from __future__ import annotations

import re
from typing import Any

_KEY = "secret"
_CREDENTIAL = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|api_?key|access_key|secret_key|private_key"
    r"|client_secret|auth_token|access_token)$",
    re.IGNORECASE,
)
PATTERN = r"projects/[a-z0-9][-a-z0-9.:]*/secrets/[A-Za-z0-9_-]{1,255}(?:/versions/[A-Za-z0-9_-]+)?"
"""The form of the name of a secret."""

_FORM = "`projects/PROJECT/secrets/NAME` or `projects/PROJECT/secrets/NAME/versions/VERSION`"


def read_reference(value: Any) -> str | None:
    """Return the name of the secret that a value refers to.

    Args:
        value: A parameter's value: `{"secret": "projects/…/secrets/…"}` is a reference.

    Returns:
        The name. None if the value is no reference.

    Raises:
        ValueError: The name of the secret has another form.
    """
    if not is_reference_form(value):
        return None
    name = value[_KEY]
    if not isinstance(name, str) or not is_reference(name):
        raise ValueError(f"refers to the secret {name!r}; write {_FORM}")
    return name


def is_reference_form(value: Any) -> bool:
    """Return whether a value has the form of a reference, with whatever name.

    Args:
        value: A value of a file.
    """
    return isinstance(value, dict) and set(value) == {_KEY}


def is_reference(text: str) -> bool:
    """Return whether a string is the name of a secret in Secret Manager.

    Args:
        text: The string.
    """
    return re.fullmatch(PATTERN, text) is not None


def is_credential_name(name: str) -> bool:
    """Return whether a name says that its value is a credential.

    Args:
        name: The name of a parameter, of a variable, or of a key in a mapping.
    """
    return _CREDENTIAL.search(name) is not None


def show_value(name: str, value: Any) -> str:
    """Return a value for a message, without that of a credential.

    Args:
        name: The value's name.
        value: The value.
    """
    return "`***`" if is_credential_name(name) else repr(value)
