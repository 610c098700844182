"""References to secrets, which configurations have instead of the secrets."""

from __future__ import annotations

import re
from typing import Any

_KEY = "secret"
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
    if not isinstance(value, dict) or set(value) != {_KEY}:
        return None
    name = value[_KEY]
    if not isinstance(name, str) or not is_reference(name):
        raise ValueError(f"refers to the secret {name!r}; write {_FORM}")
    return name


def is_reference(text: str) -> bool:
    """Return whether a string is the name of a secret in Secret Manager.

    Args:
        text: The string.
    """
    return re.fullmatch(PATTERN, text) is not None
