"""What became of each statement of a component's own module, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kfpkit.place import Place


class Verdict(Enum):
    """What becomes of a statement."""

    KEPT = "kept"
    INERT = "left out"
    TOLD = "left out, with a warning"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What became of one top-level statement.

    Args:
        file: The module's file.
        line: The statement's first line.
        end: Its last line.
        words: Its first words.
        verdict: Whether it ships.
        reason: Why, as the end of a sentence.
    """

    file: Path
    line: int
    end: int
    words: str
    verdict: Verdict
    reason: str

    @property
    def warning(self) -> str:
        """The statement that does not ship although it may matter, and the ways out."""
        return (
            f"`{self.words}` does not ship: {self.reason}. If the component needs it, import what "
            "it acts on in the component. If it is needed only for compiling, put it under `if "
            "kfpkit.COMPILE_TIME:`."
        )

    @property
    def place(self) -> Place:
        """Where the statement is."""
        return Place(self.file, self.line)
