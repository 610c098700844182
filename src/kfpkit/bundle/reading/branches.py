"""The branches of an `if` that a container can take."""

from __future__ import annotations

import ast

COMPILE_TIME = "COMPILE_TIME"


def list_running_statements(node: ast.If) -> list[ast.stmt]:
    """Return the statements of an `if` that may run in a container.

    `if TYPE_CHECKING:`, `if kfpkit.COMPILE_TIME:` and `if __name__ == "__main__":` do not run
    there.
    """
    if is_type_checking(node.test) or is_main_guard(node) or _is_name(node.test, COMPILE_TIME):
        return node.orelse
    if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not):
        inner = node.test.operand
        if _is_name(inner, COMPILE_TIME) or is_type_checking(inner):
            return node.body
    return [*node.body, *node.orelse]


def is_type_checking(test: ast.expr) -> bool:
    """Whether a condition is `TYPE_CHECKING`."""
    return _is_name(test, "TYPE_CHECKING")


def is_main_guard(node: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return False
    sides = [node.test.left, *node.test.comparators]
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    main = any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
    return named and main and all(isinstance(each, ast.Eq) for each in node.test.ops)


def _is_name(test: ast.expr, name: str) -> bool:
    if isinstance(test, ast.Attribute):
        return test.attr == name
    return isinstance(test, ast.Name) and test.id == name
