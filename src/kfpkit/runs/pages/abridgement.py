"""Cuts what is too long for a page: strings, curves and large metadata."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from kfpkit.runs.pages.logs import remove_controls

LONGEST = 2_000
"""The characters of the longest string that a page shows in full."""
KEPT = 1_000
"""The characters that remain of a longer string."""
POINTS = 100
"""The most points of a curve."""
MOST_ENTRIES = 200
"""The most metrics, or facts about an artifact."""

# Comparisons read these from the records themselves.
_UNSHOWN = {"files"}


def abridge_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with values that a page can show.

    Args:
        record: The record in its public form.
    """
    return {key: _abridge(key, value) for key, value in record.items()}


def _abridge(key: str, value: Any) -> Any:
    if key == "value":
        return abridge_value(value)
    if key == "metadata":
        return abridge_metadata(value)
    if isinstance(value, Mapping):
        return {name: _abridge(name, each) for name, each in value.items() if name not in _UNSHOWN}
    if isinstance(value, list):
        return [_abridge("", each) for each in value]
    return _cut(value) if isinstance(value, str) else value


def abridge_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of an artifact, as far as a page can show it.

    Args:
        metadata: The metadata by name.
    """
    shown = {name: abridge_value(each) for name, each in list(metadata.items())[:MOST_ENTRIES]}
    curve = metadata.get("confidenceMetrics")
    if isinstance(curve, list):
        shown["confidenceMetrics"] = _thin(curve)
    return shown


def abridge_value(value: Any) -> Any:
    """Return a user's value, as far as a page can show it.

    Args:
        value: An output, or an entry of an artifact's metadata.
    """
    if isinstance(value, Mapping | list):
        text = json.dumps(value, ensure_ascii=False)
        return _plain(value) if len(text) <= LONGEST else _cut(text)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    return _cut(value) if isinstance(value, str) else value


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return remove_controls(text)
    return f"{remove_controls(text[:KEPT])}… ({len(text):,} characters)"


def _thin(curve: list[Any]) -> list[dict[str, float]]:
    """Return the points of a ROC curve that are distinguishable in a small picture."""
    step = max(1, math.ceil(len(curve) / POINTS))
    points = [*curve[::step], *(curve[-1:] if (len(curve) - 1) % step else ())]
    names = ("falsePositiveRate", "recall")
    return [
        {name: round(float(point[name]), 4) for name in names}
        for point in points
        if isinstance(point, Mapping) and all(isinstance(point.get(n), int | float) for n in names)
    ]
