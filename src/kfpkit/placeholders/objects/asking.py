"""What a line of the author asks a placeholder, as its frame shows.

Some questions reach a placeholder by the same method as others that can be answered: `hasattr` as
an attribute does, and `in` as a key that is stored.
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
    """Say whether an operator of the author compares, and not a function in C on its behalf."""
    return _runs(frame, _COMPARISON)


def looks_up(frame: FrameType) -> bool:
    """Say whether the author looks for an equal in a set or a dictionary, or may do so."""
    return _runs(frame, _LOOKUPS)


def doubts(frame: FrameType) -> bool:
    """Say whether the author asks if there is an attribute, by `hasattr` or with a default."""
    is_doubtful = frame.f_lineno in read_source(frame.f_code.co_filename).doubtful
    return is_doubtful and _runs(frame, _CALLS)


def reads_class(frame: FrameType) -> bool:
    """Say whether the author's `isinstance`, or a generic function, asks for a value's class."""
    return frame.f_globals.get("__name__") == "functools" or _runs(frame, _CALLS)


def _runs(frame: FrameType, instructions: frozenset[int]) -> bool:
    """Say whether a frame of the author runs one of some instructions."""
    return load.is_authors(frame) and frame.f_code.co_code[frame.f_lasti] in instructions
