"""Reads from a syntax tree what a piece of code does by itself."""

from __future__ import annotations

from kfpkit.bundle.effects.code.code import read_effects
from kfpkit.bundle.effects.code.expressions import (
    ABSOLUTE,
    RESULT,
    Link,
    Tie,
    held_by,
    read_bases,
    read_links,
    read_path,
    read_string,
)
from kfpkit.bundle.effects.code.record import Call, Effects, Links, Write

__all__ = [
    "ABSOLUTE",
    "RESULT",
    "Call",
    "Effects",
    "Link",
    "Links",
    "Tie",
    "Write",
    "held_by",
    "read_bases",
    "read_effects",
    "read_links",
    "read_path",
    "read_string",
]
