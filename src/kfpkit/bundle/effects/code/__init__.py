"""What a piece of code does by itself, read from its syntax tree."""

from __future__ import annotations

from kfpkit.bundle.effects.code.code import (
    effects_of,
)
from kfpkit.bundle.effects.code.expressions import (
    ABSOLUTE,
    RESULT,
    Link,
    Tie,
    bases_of,
    held_by,
    links_of,
    path_of,
    text_of,
)
from kfpkit.bundle.effects.code.record import (
    Call,
    Effects,
    Links,
    Write,
)

__all__ = [
    "ABSOLUTE",
    "RESULT",
    "Call",
    "Effects",
    "Link",
    "Links",
    "Tie",
    "Write",
    "bases_of",
    "effects_of",
    "held_by",
    "links_of",
    "path_of",
    "text_of",
]
