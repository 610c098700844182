"""The shapes in which source says that an import, or something else, may fail.

These are `try: … except ImportError:` and `with suppress(ImportError):`, also with a class above
the error.
"""

from __future__ import annotations

import ast

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""What catches an import that fails."""


def catches(caught: ast.expr | None, errors: frozenset[str] = IMPORT_ERRORS) -> bool:
    """Say whether errors are caught.

    Args:
        caught: What stands behind `except`, or in `suppress(…)`; None for a bare `except:`.
        errors: The names of their classes.
    """
    if caught is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in errors for node in ast.walk(caught))


def find_suppressed(node: ast.With) -> list[ast.expr]:
    """Return what the `suppress(…)` calls of a `with` statement name."""
    return [
        argument
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        and ast.unparse(item.context_expr.func).endswith("suppress")
        for argument in item.context_expr.args
    ]
