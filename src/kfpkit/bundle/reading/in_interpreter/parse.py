"""Parses source in another interpreter, with that interpreter's own syntax.

This file is read as a string and run by `python -I -S -c`, with only the standard library, on every
Python that an environment may have. Standard input is the source. Standard output is a pair in the
format of `marshal`: the interpreter's version, such as `3.12`, and the tree or the fault:

    tree      ("Module", positions, ((field, value), ...)), with lists and constants unchanged
    fault     [line or None, message]
"""

from __future__ import annotations

import ast
import marshal
import sys
import warnings
from typing import Any

_FORMAT = 4


def dump(value: object) -> object:
    """Convert a part of a syntax tree to values that every version supports."""
    if isinstance(value, list):
        return [dump(each) for each in value]
    if not isinstance(value, ast.AST):
        return value
    positions = tuple((name, getattr(value, name, None)) for name in value._attributes)  # noqa: SLF001 - documented
    fields = tuple((name, dump(getattr(value, name, None))) for name in value._fields)
    return (type(value).__name__, positions, fields)


def answer(source: bytes) -> object:
    """Parse a source and compile it, because some faults appear only then."""
    warnings.simplefilter("ignore")
    try:
        tree = ast.parse(source)
        compile(source, "<source>", "exec", dont_inherit=True)
        return dump(tree)
    except SyntaxError as error:
        return [error.lineno, error.msg]
    except (ValueError, RecursionError, MemoryError) as error:
        return [None, str(error)]


version = f"{sys.version_info[0]}.{sys.version_info[1]}"
found: Any = (version, answer(sys.stdin.buffer.read()))
sys.stdout.buffer.write(marshal.dumps(found, _FORMAT))
