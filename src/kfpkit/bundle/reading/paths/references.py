"""Finds the files that source names by paths that begin at a module's own file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kfpkit.bundle.reading.imports import find_guarded_nodes
from kfpkit.bundle.reading.paths.file_calls import (
    find_files_read,
    find_paths_asked_for,
    parts_with_files,
)
from kfpkit.bundle.reading.paths.file_path import FilePath
from kfpkit.bundle.reading.paths.paths import PathReader, Paths
from kfpkit.bundle.reading.scope import Scope, walk_scoped_expressions

_WORDS = (b"__file__", b"__path__", b"resources", b"get_data", b"PackageLoader")
_MISSING = frozenset({"FileNotFoundError", "OSError", "IOError", "Exception", "BaseException"})


@dataclass(frozen=True, kw_only=True)
class FileReference:
    """A path in the source.

    Args:
        line: Its line.
        path: The path.
        is_read: Whether this place reads the file.
        is_optional: Whether the code works without the file.
    """

    line: int
    path: FilePath
    is_read: bool = False
    is_optional: bool = False


def may_name_files(content: bytes) -> bool:
    """Whether source contains one of the words that such paths begin with."""
    return any(word in content for word in _WORDS)


def read_path_constants(nodes: Sequence[ast.stmt]) -> dict[str, tuple[FilePath, ...]]:
    """Read the top-level names of a module that are paths."""
    scope = next((each for _, each in walk_scoped_expressions(list(nodes))), Scope())
    while scope.outer is not None:
        scope = scope.outer
    reader = PathReader(scope=scope, known={})
    found = {name: reader.read(ast.Name(name, ast.Load())) for name in scope.bound}
    return {name: paths for name, paths in found.items() if paths}


def read_file_references(nodes: Sequence[ast.stmt], known: Paths) -> tuple[FileReference, ...]:
    """Read the paths in the source of a module, or in its shipped part.

    Assigning a path to a name doesn't reference a file yet. Using the name does.

    Args:
        nodes: Its statements.
        known: The paths that imported names refer to, by dotted name.
    """
    found: dict[FileReference, None] = {}
    asked: set[FilePath] = set()
    guarded = find_guarded_nodes(nodes, _MISSING)
    for expression, scope in walk_scoped_expressions(list(nodes)):
        reader = PathReader(scope=scope, known=known)
        if not scope.of_class and _is_bound(expression, scope) and reader.read(expression):
            continue
        excused = id(expression) in guarded
        for each in _read_expression(expression, reader):
            found[replace(each, is_optional=each.is_optional or excused)] = None
        asked.update(find_paths_asked_for(expression, reader))
    return tuple(
        replace(each, is_optional=each.is_optional or each.path in asked)
        for each in sorted(found, key=lambda each: (each.line, each.path.parts))
    )


def _is_bound(expression: ast.expr, scope: Scope) -> bool:
    bindings = (each for every in scope.bound.values() for each in every)
    return any(each.value is expression for each in bindings)


def _read_expression(expression: ast.expr, reader: PathReader) -> Iterator[FileReference]:
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        read = find_files_read(node, reader) if isinstance(node, ast.Call) else ()
        found = read or (reader.read(node) if isinstance(node, ast.expr) else ())
        if isinstance(node, ast.expr) and found:
            for path in found:
                # Of several paths one may be all that is there.
                optional = len(found) > 1
                yield FileReference(
                    line=node.lineno, path=path, is_read=bool(read), is_optional=optional
                )
        else:
            stack += parts_with_files(node, reader)
