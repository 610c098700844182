"""What a parameter's value may be, so that every back end of KFP hands it on unchanged.

KFP keeps parameters in messages with one kind of number, the floating-point one of JSON. Integers
past 2**53 are rounded in them, and NaN and the infinities do not exist.
"""

from __future__ import annotations

import math

from kfpkit.specification.message_types import Value

LARGEST_INTEGER = 2**53


def find_loss(value: Value) -> str | None:
    """Return what of a value KFP cannot keep, as a sentence without its end.

    Args:
        value: A parameter's value.

    Returns:
        The sentence; None for a value that arrives as it is.
    """
    if isinstance(value, dict):
        return next(filter(None, map(find_loss, value.values())), None)
    if isinstance(value, (list, tuple)):
        return next(filter(None, map(find_loss, value)), None)
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return describe_rounding(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f"KFP's messages store numbers as JSON, which lacks `{value}`"
    return None


def describe_rounding(number: int) -> str:
    """Return why KFP does not keep an integer, as a sentence without its end.

    Args:
        number: The integer.
    """
    return f"KFP's messages round integers past 2**53, such as {number}"
