"""Durations, as people write them."""

from __future__ import annotations

import math
import re

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")

DURATION = f"^{_FORM.pattern}$"
"""The form of a duration, as a pattern of JSON Schema."""


def parse_duration(text: str) -> float:
    """Read a duration.

    Args:
        text: A number of seconds, or a number with a unit: `90`, `90s`, `1.5m`, `2h`, `1d`.

    Returns:
        The number of seconds, more than 0.

    Raises:
        ValueError: The string is not a duration.
    """
    match = _FORM.fullmatch(text.strip())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if not seconds:
        message = f"`{text}` is not a positive duration, such as `90s`, `10m` or `2h`"
        raise ValueError(message)
    return seconds


def describe_duration(seconds: float) -> str:
    """Format a duration with its largest whole unit.

    Args:
        seconds: The number of seconds.
    """
    for unit in ("d", "h", "m"):
        if seconds >= _SECONDS[unit] and not math.fmod(seconds, _SECONDS[unit]):
            return f"{seconds / _SECONDS[unit]:g} {unit}{'in' if unit == 'm' else ''}"
    return f"{seconds:g} s"
