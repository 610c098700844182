"""Finds the placeholders that are involved in an error, as far as frames show."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator, Mapping
from types import FrameType, FunctionType, ModuleType, TracebackType
from typing import Any

from kfpkit.place import Place
from kfpkit.placeholders.load import Load
from kfpkit.placeholders.objects.contents import describe_absence, find_placeholder

_DEPTH = 2


def find_involved(error: BaseException, load: Load) -> Mapping[str, Place]:
    """Return the packages with placeholders that are involved in an error.

    The innermost statement of the author in the traceback names them, or they are values in the
    frames of libraries below it.

    Args:
        error: The error.
        load: The load that it ended.

    Returns:
        The imports of these packages, by package.
    """
    found: dict[str, Place] = {}
    if isinstance(error, ImportError | SyntaxError):
        return found
    for value, frame in _values(error.__traceback__, load):
        placeholder = _find(value)
        if placeholder is not None:
            absence = describe_absence(placeholder, frame)
            if absence.imported is not None:
                found.setdefault(absence.package, absence.imported)
    return found


def _find(value: Any) -> Any:
    """Find a placeholder in a value or in its attributes."""
    found = find_placeholder(value, depth=_DEPTH)
    if found is None and not isinstance(value, type | ModuleType | FunctionType):
        found = find_placeholder(getattr(value, "__dict__", None), depth=_DEPTH)
    return found


def _values(trace: TracebackType | None, load: Load) -> Iterator[tuple[Any, FrameType]]:
    """Yield the values in the author's innermost statement, and in the libraries below it.

    Each value comes with the author's frame.
    """
    steps: list[tuple[FrameType, int]] = []
    while trace is not None:
        if load.owns(trace.tb_frame.f_code.co_filename):
            steps = []
        steps.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    if steps and load.owns(steps[0][0].f_code.co_filename):
        own, line = steps.pop(0)
        for value in (*_named(own, line), *(held for each, _ in steps for held in _held(each))):
            yield value, own


def _held(frame: FrameType) -> list[Any]:
    """Return the values in a library's frame, without the names of whole modules."""
    values = list(frame.f_locals.values())
    return [each for each in values if not (isinstance(each, dict) and "__builtins__" in each)]


def _named(frame: FrameType, line: int) -> Iterator[Any]:
    for node in ast.walk(_find_statement(frame.f_code.co_filename, line)):
        if isinstance(node, ast.Name):
            yield _resolve_name(frame, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            # A helper's attribute; the helper as a whole says nothing.
            module = _resolve_name(frame, node.value.id)
            yield vars(module).get(node.attr) if isinstance(module, ModuleType) else None


def _resolve_name(frame: FrameType, name: str) -> Any:
    return frame.f_locals.get(name, frame.f_globals.get(name))


def _find_statement(file: str, line: int) -> ast.AST:
    """Return the innermost statement at a line. Empty if the file can't be read."""
    try:
        with tokenize.open(file) as lines:
            tree = ast.parse(lines.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ast.Pass()
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and _first_line(node) <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=_first_line, default=ast.Pass())


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
