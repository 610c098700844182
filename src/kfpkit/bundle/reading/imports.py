"""Reads the imports of a piece of source from its syntax tree.

Imports inside functions count. Imports under `TYPE_CHECKING` don't. An import is optional if the
code works without it: inside `try: … except ImportError`, under a version or platform test, or
under `if __name__ == "__main__"`. An optional import ships if it is found, and is never refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kfpkit.bundle.reading.branches import is_main_guard, list_running_statements
from kfpkit.import_guards import IMPORT_ERRORS, catches, find_suppressed

_CONDITIONS = ("sys.version_info", "sys.platform", "os.name", "sys.implementation")


@dataclass(frozen=True, kw_only=True)
class ImportStatement:
    """One import of one module.

    Args:
        module: The dotted name as written, without leading dots.
        level: The number of leading dots.
        names: The names in `from … import`. None for `import …`, `("*",)` for a star.
        line: The line of the statement.
        optional: Whether the code handles its failure.
        in_function: Whether it runs later than the module.
    """

    module: str
    level: int
    names: tuple[str, ...] | None
    line: int
    optional: bool = False
    in_function: bool = False


def read_imports(nodes: Iterable[ast.stmt]) -> tuple[ImportStatement, ...]:
    """Read the import statements in statements. `dynamic` reads imports by name."""
    return tuple(_read_statements(nodes, optional=False, in_function=False))


def _read_statements(
    nodes: Iterable[ast.stmt], *, optional: bool, in_function: bool
) -> Iterator[ImportStatement]:
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for statement in split_import(node):
                yield replace(statement, optional=optional, in_function=in_function)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _read_statements(node.body, optional=optional, in_function=True)
        elif isinstance(node, ast.If):
            yield from _read_if(node, optional=optional, in_function=in_function)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            yield from _read_try(node, optional=optional, in_function=in_function)
        else:
            inner = optional or (isinstance(node, ast.With) and _suppresses(node))
            for body in _bodies(node):
                yield from _read_statements(body, optional=inner, in_function=in_function)


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if isinstance(body, list):
            yield body
    for case in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield case.body


def split_import(node: ast.Import | ast.ImportFrom) -> Iterator[ImportStatement]:
    """Split one import statement by module."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield ImportStatement(module=alias.name, level=0, names=None, line=node.lineno)
    else:
        names = tuple(alias.name for alias in node.names)
        yield ImportStatement(
            module=node.module or "", level=node.level, names=names, line=node.lineno
        )


def _read_if(node: ast.If, *, optional: bool, in_function: bool) -> Iterator[ImportStatement]:
    condition = ast.unparse(node.test)
    if is_main_guard(node):
        # It runs where a child process is given the module as its program.
        bodies = [*node.body, *node.orelse]
        loose = True
    else:
        bodies = list_running_statements(node)
        loose = any(word in condition for word in _CONDITIONS)
    yield from _read_statements(bodies, optional=optional or loose, in_function=in_function)


def _read_try(node: ast.AST, *, optional: bool, in_function: bool) -> Iterator[ImportStatement]:
    excused = optional or any(catches(handler.type) for handler in getattr(node, "handlers", ()))
    for body in _bodies(node):
        yield from _read_statements(body, optional=excused, in_function=in_function)


def _suppresses(node: ast.With, errors: frozenset[str] = IMPORT_ERRORS) -> bool:
    return any(catches(caught, errors) for caught in find_suppressed(node))


def find_guarded_nodes(
    nodes: Iterable[ast.stmt], errors: frozenset[str] = IMPORT_ERRORS
) -> frozenset[int]:
    """Return the ids of the nodes that handle the error of a failing import."""
    return frozenset(
        id(part)
        for top in nodes
        for node in ast.walk(top)
        if (isinstance(node, ast.Try) and any(catches(h.type, errors) for h in node.handlers))
        or (isinstance(node, ast.With) and _suppresses(node, errors))
        for body in node.body
        for part in ast.walk(body)
    )
