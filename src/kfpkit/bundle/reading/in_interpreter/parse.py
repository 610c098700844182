"""Parses source in another interpreter, which reads it as its own.

This file is read as text and run by `python -I -S -c`, with the standard library alone, on every
Python that an environment may have. Standard input is the source. Standard output is, in the form
of `marshal`, a pair: the interpreter's version, such as `3.12`, and the tree or what is wrong:

    tree      ("Module", positions, ((field, value), ...)), with lists and constants as they are
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
    """Write a part of a syntax tree with values that every version knows."""
    if isinstance(value, list):
        return [dump(each) for each in value]
    if not isinstance(value, ast.AST):
        return value
    positions = tuple((name, getattr(value, name, None)) for name in value._attributes)  # noqa: SLF001 - documented
    fields = tuple((name, dump(getattr(value, name, None))) for name in value._fields)
    return (type(value).__name__, positions, fields)


def answer(source: bytes) -> object:
    """Parse a source and compile it, since some faults show only then."""
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
