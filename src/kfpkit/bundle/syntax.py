"""Questions about pieces of a syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def running_functions(node: ast.stmt) -> Iterator[FunctionNode]:
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


def columns(line: str, start: int, end: int | None) -> str:
    """Cut a line at columns as the syntax tree counts them, in bytes of UTF-8."""
    return line.encode()[start:end].decode()


def chain(node: ast.expr) -> str | None:
    """Return the dotted name that an expression is, if it is one."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def changed(nodes: list[ast.stmt]) -> Iterator[str]:
    """Yield the names whose objects statements change, without entering functions."""
    stack: list[ast.AST] = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            continue
        target: ast.expr | None = None
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            target = node.value
            if _root(target) in {"setattr", "delattr"} and target.args:
                target = target.args[0]
        if target is not None and (name := _root(target)):
            yield name
        stack += ast.iter_child_nodes(node)
