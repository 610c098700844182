"""What a call is given."""

from __future__ import annotations

import ast


def find_argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument of a call, given by its position or by its name."""
    if position < len(node.args):
        return node.args[position]
    return next((each.value for each in node.keywords if each.arg == name), None)
