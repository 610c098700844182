"""Labels of runs, by the rules of Google Cloud."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 63
"""The characters that a key or a value may have. The documentation of labels says 63, that of
Vertex AI's API 64."""

OWN = "kfpkit-"
"""What the keys begin with that kfpkit sets."""

MOST = 64
"""The labels that a run may have."""


def find_label_fault(key: str, value: str) -> str | None:
    """Return what is wrong with a label, or None.

    Args:
        key: Its key.
        value: Its value.
    """
    if key.startswith(OWN):
        return f"keys that begin with `{OWN}` are kfpkit's"
    if not key or unicodedata.category(key[0]) not in {"Ll", "Lo"}:
        return "a key begins with a lowercase letter"
    for what, text in (("key", key), ("value", value)):
        if len(text) > LONGEST:
            return f"the {what} has {len(text)} characters; {LONGEST} are allowed"
        if sanitize_label(text) != text:
            return (
                f"the {what} may have lowercase letters, digits, `_` and `-`; "
                f"`{sanitize_label(text)}` would be allowed"
            )
    return None


def sanitize_label(text: str) -> str:
    """Return the text as it may be the value of a label.

    Other characters become `-`, and what is too long is cut off.

    Args:
        text: The text.
    """
    allowed = "".join(each if _is_allowed(each) else "-" for each in text.lower())
    return re.sub("-{3,}", "--", allowed)[:LONGEST] if allowed != text else text[:LONGEST]


def _is_allowed(character: str) -> bool:
    return character in "_-" or unicodedata.category(character) in {"Ll", "Lo", "Nd"}
