"""How an error is recognised in what a program wrote, and what its text says then."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A reason for failure that a program's output shows.

    Names in braces in the texts stand for facts, such as `{name}` for the environment's.

    Args:
        signs: Patterns for output in lower case, of which one matches. Phrases have several words,
            as no package's name has.
        remedy: What to do.
        problem: What is wrong; empty where that follows from what the program was to do.
        command: What to do beside `remedy` where an environment is concerned.
    """

    signs: tuple[str, ...]
    remedy: str
    problem: str = ""
    command: str = ""

    def fits(self, lowered: str) -> bool:
        """Say whether an output, in lower case, shows this reason."""
        return any(re.search(sign, lowered, re.MULTILINE) for sign in self.signs)


class Recognisable(Protocol):
    """A class of errors that outputs show."""

    faults: ClassVar[tuple[Fault, ...]]


Kind = TypeVar("Kind", bound=Recognisable)


def find_fault(kinds: Iterable[type[Kind]], output: str) -> tuple[type[Kind], Fault] | None:
    """Find the first class, and the first of its faults, that an output shows.

    Args:
        kinds: The classes, those that decide first in front.
        output: What the program wrote.
    """
    lowered = output.lower()
    return next(
        ((kind, fault) for kind in kinds for fault in kind.faults if fault.fits(lowered)), None
    )
