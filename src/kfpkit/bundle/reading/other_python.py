"""Parses syntax that the running Python doesn't support with an interpreter that does.

The author's Python may be older than the environment's. An interpreter of the environment's version
then parses a helper that uses newer syntax, if the machine has one. None is downloaded.
"""

from __future__ import annotations

import ast
import functools
import marshal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.environments.tools import list_interpreters


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A syntax error in a source.

    Args:
        line: Its line, if known.
        problem: The interpreter's message.
    """

    line: int | None
    problem: str


@functools.lru_cache(maxsize=256)
def parse_with(python: str, content: bytes) -> ast.Module | Fault | None:
    """Parse a source with another interpreter.

    Args:
        python: The version of Python, such as `3.12`.
        content: The source.

    Returns:
        The tree, or the syntax error. None if the machine has no such interpreter.
    """
    for interpreter in list_interpreters(python):
        version, found = _ask(interpreter, content)
        if version == python:
            return _fault(found) if isinstance(found, list) else _make_tree(found)
    return None


def _ask(interpreter: str, content: bytes) -> tuple[str, Any]:
    file = Path(__file__).parent / "in_interpreter" / "parse.py"
    script = file.read_text(encoding="utf-8")
    command = [interpreter, "-I", "-S", "-c", script]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=True)
        version, found = marshal.loads(done.stdout)  # noqa: S302 - of our own script
    except (OSError, ValueError, EOFError, TypeError, subprocess.CalledProcessError):
        # A launcher that has no such version, or an interpreter that is broken.
        return "", None
    return version, found


def _fault(found: list[Any]) -> Fault:
    line, problem = found
    return Fault(line=line, problem=problem)


def _make_tree(found: Any) -> Any:
    """Make a syntax tree from the other interpreter's output."""
    if isinstance(found, list):
        return [_make_tree(each) for each in found]
    if not isinstance(found, tuple):
        return found
    name, positions, fields = found
    made = _resolve_node_class(name, tuple(field for field, _ in fields))
    return made(**dict(positions), **{field: _make_tree(value) for field, value in fields})


@functools.cache
def _resolve_node_class(name: str, fields: tuple[str, ...]) -> type[ast.AST]:
    """Return the class of a node. Creates one that the running Python lacks."""
    known = getattr(ast, name, None)
    if isinstance(known, type) and issubclass(known, ast.AST):
        return known
    above = ast.stmt if "body" in fields or name == "TypeAlias" else ast.AST
    return type(name, (above,), {"_fields": fields})
