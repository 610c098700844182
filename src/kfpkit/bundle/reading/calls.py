"""The arguments of a call."""

from __future__ import annotations

import ast


def find_argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument of a call, by position or by name."""
    if position < len(node.args):
        return node.args[position]
    return next((each.value for each in node.keywords if each.arg == name), None)
