"""The parameter values that every back end of KFP passes on unchanged.

KFP stores parameters in messages with only one kind of number, JSON's floating-point number.
Integers past 2**53 are rounded, and NaN and the infinities don't exist.
"""

from __future__ import annotations

import math

from kfpkit.specification.message_types import Value

LARGEST_INTEGER = 2**53


def find_loss(value: Value) -> str | None:
    """Return what KFP can't represent in a value, as a sentence without a full stop.

    Args:
        value: A parameter's value.

    Returns:
        The sentence. None for a value that doesn't change.
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
    """Return why KFP rounds an integer, as a sentence without a full stop.

    Args:
        number: The integer.
    """
    return f"KFP's messages round integers past 2**53, such as {number}"
