"""The parts of values that KFP's compiler asks for: `parseJson(string_value)["part"]`."""

from __future__ import annotations

import json
import re

from kfpkit.specification.message_types import Value

_SELECTOR = re.compile(r'parseJson\(string_value\)\["(?P<part>.*)"\]')


def select(value: Value, selector: str) -> Value:
    """Return the part of a value that a selector asks for.

    Args:
        value: A mapping, or the JSON text of one.
        selector: The expression, as compiled.

    Returns:
        The part.

    Raises:
        ValueError: The value has no such part, or the compiler does not write such expressions.
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
