"""Places in the author's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A place in the author's files.

    Args:
        file: The file.
        line: The line, counted from 1. None for the whole file.
    """

    file: Path
    line: int | None = None

    def __str__(self) -> str:
        """Format the place as editors and terminals link it: `file:line`."""
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"
