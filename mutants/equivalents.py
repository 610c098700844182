"""Faults that change nothing that could be seen, from `equivalents.toml`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from mutants.faults import Fault

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True, kw_only=True)
class Equivalent:
    """A fault that no test can catch.

    Args:
        file: The file, relative to the repository.
        before: The lines that it changes, without indentation.
        after: What they become.
        reason: Why nobody could see it.
    """

    file: str
    before: str
    after: str
    reason: str

    def is_like(self, fault: Fault) -> bool:
        """Whether a fault is this one."""
        mine = (self.file, self.before, self.after)
        return mine == (fault.file, fault.before, fault.after)


def read_equivalents(file: Path = FILE) -> list[Equivalent]:
    """Read the list."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    return [Equivalent(**entry) for entry in document.get("equivalent", [])]
