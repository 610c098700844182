"""The decision about each statement of a component's own module, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kfpkit.place import Place


class Verdict(Enum):
    """The result for a statement."""

    KEPT = "kept"
    INERT = "left out"
    TOLD = "left out, with a warning"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The decision about one top-level statement.

    Args:
        file: The module's file.
        line: The statement's first line.
        end: Its last line.
        words: Its first words.
        verdict: Whether it ships.
        reason: The reason, as the end of a sentence.
    """

    file: Path
    line: int
    end: int
    words: str
    verdict: Verdict
    reason: str

    @property
    def warning(self) -> str:
        """A notice about a statement that doesn't ship although it may matter, with remedies."""
        return (
            f"`{self.words}` does not ship: {self.reason}. If the component needs it, import what "
            "it acts on in the component. If it is needed only for compiling, put it under `if "
            "kfpkit.COMPILE_TIME:`."
        )

    @property
    def place(self) -> Place:
        """The place of the statement."""
        return Place(self.file, self.line)
