"""Listeners: functions that are called with a line of text when a step takes time."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str], None]


def ignore(_: object) -> None:
    """Ignore what is reported."""
