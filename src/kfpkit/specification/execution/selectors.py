"""Reads the parts of values that KFP's compiler requests: `parseJson(string_value)["part"]`."""

from __future__ import annotations

import json
import re

from kfpkit.specification.message_types import Value

_SELECTOR = re.compile(r'parseJson\(string_value\)\["(?P<part>.*)"\]')


def select(value: Value, selector: str) -> Value:
    """Return the part of a value that a selector requests.

    Args:
        value: A mapping, or a JSON string of one.
        selector: The expression, as compiled.

    Returns:
        The part.

    Raises:
        ValueError: The value lacks this part, or the compiler doesn't write such expressions.
    """
    match = _SELECTOR.fullmatch(selector)
    if match is None:
        message = f"`{selector}` is not known"
        raise ValueError(message)
    mapping = json.loads(value) if isinstance(value, str) else value
    if not isinstance(mapping, dict) or match["part"] not in mapping:
        message = f"{value!r} has no part `{match['part']}`"
        raise ValueError(message)
    return mapping[match["part"]]
