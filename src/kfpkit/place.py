"""Places in the author's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where in the author's files something stands.

    Args:
        file: The file.
        line: The line, counted from 1; None when the whole file is meant.
    """

    file: Path
    line: int | None = None

    def __str__(self) -> str:
        """Write the place as editors and terminals link it: `file:line`."""
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"
