"""Determines from the frame which operation a line of the author performs on a placeholder.

Python uses the same method for some operations that must be refused and others that can be
answered: `hasattr` looks like an attribute access, and `in` like storing a key.
"""

from __future__ import annotations

import opcode
from types import FrameType

from kfpkit.placeholders import load
from kfpkit.placeholders.sources import read_source

_CALLS = frozenset(
    code for name, code in opcode.opmap.items() if name.startswith(("CALL", "PRECALL"))
)
_COMPARISON = frozenset({opcode.opmap["COMPARE_OP"]})
_LOOKUPS = _CALLS | {opcode.opmap["CONTAINS_OP"]}


def compares(frame: FrameType) -> bool:
    """Return whether an operator in the author's code compares, not a function in C."""
    return _runs(frame, _COMPARISON)


def looks_up(frame: FrameType) -> bool:
    """Return whether the author may look for an equal object in a set or a dictionary."""
    return _runs(frame, _LOOKUPS)


def doubts(frame: FrameType) -> bool:
    """Return whether the author tests for an attribute, by `hasattr` or with a default."""
    is_doubtful = frame.f_lineno in read_source(frame.f_code.co_filename).doubtful
    return is_doubtful and _runs(frame, _CALLS)


def reads_class(frame: FrameType) -> bool:
    """Return whether the author's `isinstance`, or a generic function, reads a value's class."""
    return frame.f_globals.get("__name__") == "functools" or _runs(frame, _CALLS)


def _runs(frame: FrameType, instructions: frozenset[int]) -> bool:
    """Return whether a frame of the author runs one of some instructions."""
    return load.is_authors(frame) and frame.f_code.co_code[frame.f_lasti] in instructions
