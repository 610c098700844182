"""Queries on parts of a syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ImportNode = ast.Import | ast.ImportFrom


def is_future(node: ast.stmt) -> bool:
    """Whether a statement is `from __future__ import …`."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def find_running_functions(node: ast.stmt) -> Iterator[FunctionNode]:
    """Yield the functions that running a statement defines in its module."""
    stack: list[ast.AST] = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, FunctionNode):
            yield each
        elif not isinstance(each, ast.ClassDef | ast.expr):
            stack += ast.iter_child_nodes(each)


def bound_name(alias: ast.alias) -> str:
    """Return the name that one part of an import statement binds."""
    return alias.asname or alias.name.partition(".")[0]


def list_stored_names(targets: Iterable[ast.expr]) -> frozenset[str]:
    """Return the names that assigning to targets binds."""
    return frozenset(
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    )


def cut_columns(line: str, start: int, end: int | None) -> str:
    """Cut a line at columns of the syntax tree, which count bytes of UTF-8."""
    return line.encode()[start:end].decode()


def read_chain(node: ast.expr) -> str | None:
    """Return the dotted name of an expression, if it is one."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
