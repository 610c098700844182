"""Recognizes code that handles a failing import or another error.

Such code is `try: … except ImportError:` and `with suppress(ImportError):`, also with a base class
of the error.
"""

from __future__ import annotations

import ast

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What catches an import that fails."""


def catches(caught: ast.expr | None, errors: frozenset[str] = IMPORT_ERRORS) -> bool:
    """Return whether errors are caught.

    Args:
        caught: The expression after `except`, or in `suppress(…)`. None for a bare `except:`.
        errors: The names of their classes.
    """
    if caught is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in errors for node in ast.walk(caught))


def find_suppressed(node: ast.With) -> list[ast.expr]:
    """Return the arguments of the `suppress(…)` calls in a `with` statement."""
    return [
        argument
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        and ast.unparse(item.context_expr.func).endswith("suppress")
        for argument in item.context_expr.args
    ]
