"""Listeners: functions that are called with a line when a step takes time."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str], None]


def ignore(_: object) -> None:
    """Ignore the line."""
