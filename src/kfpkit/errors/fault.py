"""Patterns that recognize an error in a program's output, and the message for each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A cause of failure that a program's output reveals.

    The strings may contain names in braces, such as `{name}` for the environment's name.

    Args:
        signs: Patterns for the output in lower case. One match is enough. Each pattern has several
            words, so that no package name matches it.
        remedy: The next step.
        problem: The problem. Empty if it follows from the operation that failed.
        command: A further step if the failure concerns an environment.
    """

    signs: tuple[str, ...]
    remedy: str
    problem: str = ""
    command: str = ""

    def fits(self, lowered: str) -> bool:
        """Return whether an output, in lower case, reveals this cause."""
        return any(re.search(sign, lowered, re.MULTILINE) for sign in self.signs)


class Recognisable(Protocol):
    """An error class that a program's output can reveal."""

    faults: ClassVar[tuple[Fault, ...]]


Kind = TypeVar("Kind", bound=Recognisable)


def find_fault(kinds: Iterable[type[Kind]], output: str) -> tuple[type[Kind], Fault] | None:
    """Find the first class, and the first of its faults, that matches an output.

    Args:
        kinds: The classes, in order of precedence.
        output: The program's output.
    """
    lowered = output.lower()
    return next(
        ((kind, fault) for kind in kinds for fault in kind.faults if fault.fits(lowered)), None
    )
