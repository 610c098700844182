"""The surroundings of a function that is defined in another function."""

from __future__ import annotations

import ast

from kfpkit.bundle.own_module.statements import Root
from kfpkit.bundle.reading import FunctionNode, bound_name


def read_imports_around(root: Root) -> dict[str, ast.stmt]:
    """Map the names that the enclosing functions import to the import statements."""
    found: dict[str, ast.stmt] = {}
    for enclosing in root.enclosing:
        for node in _own_nodes(enclosing):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {bound_name(alias): node for alias in node.names}
    return found


def find_variable_owner(name: str, root: Root) -> FunctionNode | None:
    """Return the innermost enclosing function that has a name as a variable."""
    for enclosing in reversed(root.enclosing):
        if isinstance(enclosing, FunctionNode) and name in _variables(enclosing):
            return enclosing
    return None


def arguments_of(function: FunctionNode) -> set[str]:
    """Return the names of a function's arguments."""
    return {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}


def _own_nodes(function: ast.stmt) -> list[ast.stmt]:
    """Return the statements of a function, without those of nested functions."""
    found: list[ast.stmt] = []
    stack: list[ast.AST] = [*getattr(function, "body", [])]
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.stmt):
            found.append(node)
        if not isinstance(node, FunctionNode | ast.ClassDef | ast.expr):
            stack += ast.iter_child_nodes(node)
    return found


def _variables(function: FunctionNode) -> set[str]:
    names = arguments_of(function)
    for node in _own_nodes(function):
        if isinstance(node, FunctionNode | ast.ClassDef):
            names.add(node.name)
            continue
        names |= {
            part.id
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
    return names
