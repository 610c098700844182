"""A record without what a page cannot show: very long values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from kfpkit.runs.pages.logs import remove_controls

LONGEST = 2_000
"""The length of a text that a page shows whole."""
KEPT = 1_000
POINTS = 100
"""The number of points of a curve."""
MOST_ENTRIES = 200
"""The number of metrics, or of facts about an artifact."""

# Comparisons read these from the records themselves.
_UNSHOWN = {"files"}


def abridge_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose values a page can show.

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
    """Return what is recorded with an artifact, as far as a page can show it.

    Args:
        metadata: The facts by name.
    """
    shown = {name: abridge_value(each) for name, each in list(metadata.items())[:MOST_ENTRIES]}
    curve = metadata.get("confidenceMetrics")
    if isinstance(curve, list):
        shown["confidenceMetrics"] = _thin(curve)
    return shown


def abridge_value(value: Any) -> Any:
    """Return a value of a user, as far as a page can show it.

    Args:
        value: An output, or what is recorded with an artifact.
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
    """Return the points of a ROC curve that can be told apart in a small picture."""
    step = max(1, math.ceil(len(curve) / POINTS))
    points = [*curve[::step], *(curve[-1:] if (len(curve) - 1) % step else ())]
    names = ("falsePositiveRate", "recall")
    return [
        {name: round(float(point[name]), 4) for name in names}
        for point in points
        if isinstance(point, Mapping) and all(isinstance(point.get(n), int | float) for n in names)
    ]
