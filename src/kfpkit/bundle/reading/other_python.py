"""Syntax that the running Python does not know, read by an interpreter that does.

The author's Python may be older than the environment's. A helper in the environment's syntax is
then parsed by an interpreter of that version, where one is on this machine; none is downloaded.
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
    """What is wrong with a source.

    Args:
        line: Its line, if one is known.
        problem: What the interpreter says.
    """

    line: int | None
    problem: str


@functools.lru_cache(maxsize=256)
def parse_with(python: str, content: bytes) -> ast.Module | Fault | None:
    """Have an interpreter parse a source.

    Args:
        python: The version of Python, such as `3.12`.
        content: The source.

    Returns:
        The tree, or what is wrong; None where no such interpreter is on this machine.
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
    """Make a syntax tree from what the other interpreter wrote."""
    if isinstance(found, list):
        return [_make_tree(each) for each in found]
    if not isinstance(found, tuple):
        return found
    name, positions, fields = found
    made = _resolve_node_class(name, tuple(field for field, _ in fields))
    return made(**dict(positions), **{field: _make_tree(value) for field, value in fields})


@functools.cache
def _resolve_node_class(name: str, fields: tuple[str, ...]) -> type[ast.AST]:
    """Return the class of a node; what the running Python does not know gets one."""
    known = getattr(ast, name, None)
    if isinstance(known, type) and issubclass(known, ast.AST):
        return known
    above = ast.stmt if "body" in fields or name == "TypeAlias" else ast.AST
    return type(name, (above,), {"_fields": fields})
