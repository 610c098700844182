"""The forms that keys of targets have, and what models of targets share."""

from __future__ import annotations

import re

from pydantic import ConfigDict
from pydantic.functional_validators import AfterValidator

MODEL = ConfigDict(
    extra="forbid",
    frozen=True,
    alias_generator=lambda name: name.replace("_", "-"),
    populate_by_name=False,
)
"""How the models of targets read tables: keys have `-` where attributes have `_`."""


def require_form(pattern: str, form: str) -> AfterValidator:
    """Return a validator that refuses strings of another form, with the form in its message.

    Args:
        pattern: The regular expression of the whole string.
        form: The form in words.
    """

    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise ValueError(f"write {form}")
        return value

    return AfterValidator(check)


def require_confirm(*, confirm: bool, allow_dirty: bool) -> None:
    """Refuse `allow-dirty` where it has no effect.

    Args:
        confirm: The value of `confirm`.
        allow_dirty: The value of `allow-dirty`.

    Raises:
        ValueError: It has no effect.
    """
    if allow_dirty and not confirm:
        raise ValueError("`allow-dirty` has no effect without `confirm = true`; remove it")
