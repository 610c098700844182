"""Reads from a file's source which errors are caught around a line, and what is decorated.

A file is read only if an import is answered or a placeholder is called with a function, and only
once for each state of the file.
"""

from __future__ import annotations

import ast
import functools
import os
import sys
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kfpkit.import_guards import find_suppressed

_EXITS = frozenset({"exit", "quit", "sys.exit", "os._exit"})
_LARGEST = 5_000_000
_WITH_DEFAULT = 3  # the arguments of `getattr`


@dataclass(frozen=True, kw_only=True)
class Handler:
    """The exceptions that one handler catches.

    Args:
        names: The names in the expression after `except`. None for a bare `except:`.
        gives_up: Whether it raises or exits at its end, and so isn't a fallback.
    """

    names: tuple[str, ...] | None
    gives_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Lines in which an error may be caught.

    Args:
        first: The first line.
        last: The last line.
        handlers: The handlers, in order.
        managers: The context managers around the lines, as in the source.
    """

    first: int
    last: int
    handlers: tuple[Handler, ...]
    managers: tuple[str, ...] = ()

    def covers(self, line: int, start: int | None) -> bool:
        """Return whether a line runs under the guard.

        Args:
            line: The line.
            start: The first line of the enclosing function. None at the top level. A function that
                is defined under the guard runs later.
        """
        is_inside = start is not None and self.first <= start <= self.last
        return self.first <= line <= self.last and not is_inside


@dataclass(frozen=True, kw_only=True)
class Decoration:
    """A decorator above a definition.

    Args:
        name: The name of the function or class.
        is_call: Whether a call creates the decorator: `@retry(stop=3)`.
    """

    name: str
    is_call: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """The facts about a file.

    Args:
        guards: The places where errors are caught.
        decorations: Decorators by the line where they are applied.
        doubtful: The lines with a call that tests for an attribute.
    """

    guards: tuple[Guard, ...] = ()
    decorations: Mapping[int, Decoration] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()


def read_source(file: str) -> Source:
    """Read a file. The result for an unreadable file is empty.

    Args:
        file: The path of a Python file, as in frames.
    """
    try:
        status = os.stat(file)  # noqa: PTH116 - frames have texts
    except (OSError, ValueError):
        return Source()
    if status.st_size > _LARGEST:
        return Source()
    return _read(file, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=512)
def _read(file: str, _changed: int, _size: int) -> Source:
    try:
        with tokenize.open(file) as lines:
            tree = ast.parse(lines.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return Source()
    guards: list[Guard] = []
    decorations: dict[int, Decoration] = {}
    doubtful: set[int] = set()
    for node in ast.walk(tree):
        guards.extend(_guards(node))
        decorations.update(_decorations(node))
        if isinstance(node, ast.Call) and _is_doubtful(node):
            doubtful.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return Source(guards=tuple(guards), decorations=decorations, doubtful=frozenset(doubtful))


def _is_doubtful(call: ast.Call) -> bool:
    arguments = len(call.args)
    return isinstance(call.func, ast.Name) and (
        call.func.id == "hasattr" or (call.func.id == "getattr" and arguments == _WITH_DEFAULT)
    )


def _guards(node: ast.AST) -> Iterator[Guard]:
    managers: list[str] = []
    if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
        handlers = [
            Handler(names=_names(handler.type), gives_up=_gives_up(handler.body[-1]))
            for handler in getattr(node, "handlers", [])
        ]
    elif isinstance(node, ast.With):
        handlers = [Handler(names=_names(caught)) for caught in find_suppressed(node)]
        managers = [_called(item.context_expr) for item in node.items]
    else:
        return
    if handlers or managers:
        body: list[ast.stmt] = getattr(node, "body", [])
        yield Guard(
            first=body[0].lineno,
            last=body[-1].end_lineno or body[-1].lineno,
            handlers=tuple(handlers),
            managers=tuple(managers),
        )


def _called(expression: ast.expr) -> str:
    return ast.unparse(expression.func if isinstance(expression, ast.Call) else expression)


def _names(caught: ast.expr | None) -> tuple[str, ...] | None:
    if caught is None:
        return None
    return tuple(node.id for node in ast.walk(caught) if isinstance(node, ast.Name))


def _gives_up(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func) in _EXITS
    return isinstance(statement, ast.Raise)


def _decorations(node: ast.AST) -> Iterator[tuple[int, Decoration]]:
    """Yield the decorators of a definition, with the line where each is applied."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for decorator in node.decorator_list:
        if sys.version_info >= (3, 11):
            is_call = isinstance(decorator, ast.Call)
            yield decorator.lineno, Decoration(name=node.name, is_call=is_call)
        else:
            # Python 3.10 applies all of them on the line of the definition, as it does with
            # defaults; so only the name tells what is decorated.
            yield node.lineno, Decoration(name=node.name, is_call=True)
