"""The imports of a piece of source, read from its syntax tree.

Imports inside functions count, imports under `TYPE_CHECKING` do not. An import that the code can
do without (inside `try: … except ImportError`, under a version or platform test, under
`if __name__ == "__main__"`) is marked optional: it ships where it is found and is never refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_IMPORTERS = {"__import__", "import_module"}
_CONDITIONS = ("sys.version_info", "sys.platform", "os.name", "sys.implementation")


@dataclass(frozen=True, kw_only=True)
class ImportStatement:
    """One import of one module.

    Args:
        module: The dotted name as written, without leading dots.
        level: The number of leading dots.
        names: What `from … import` takes; None for `import …`; `("*",)` for a star.
        line: The line of the statement.
        optional: Whether the code expects that it may fail.
        in_function: Whether it runs later than the module.
    """

    module: str
    level: int
    names: tuple[str, ...] | None
    line: int
    optional: bool = False
    in_function: bool = False


@dataclass(frozen=True, kw_only=True)
class Imports:
    """The imports of a piece of source.

    Args:
        statements: The imports whose names are known.
        unknown: The lines of dynamic imports whose names only running code knows.
    """

    statements: tuple[ImportStatement, ...]
    unknown: tuple[int, ...]


def imports_of(nodes: Iterable[ast.stmt], *, dynamic: bool = True) -> Imports:
    """Read the imports of statements.

    Args:
        nodes: The statements.
        dynamic: Whether to look for `import_module(…)` and `__import__(…)` calls too.
    """
    found = list(_in_statements(nodes, optional=False, in_function=False))
    unknown: list[int] = []
    if dynamic:
        for node in nodes:
            calls = list(_dynamic_imports(node))
            found += [call for call in calls if isinstance(call, ImportStatement)]
            unknown += [call for call in calls if isinstance(call, int)]
    return Imports(statements=tuple(found), unknown=tuple(unknown))


def _in_statements(
    nodes: Iterable[ast.stmt], *, optional: bool, in_function: bool
) -> Iterator[ImportStatement]:
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for statement in import_statements(node):
                yield replace(statement, optional=optional, in_function=in_function)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _in_statements(node.body, optional=optional, in_function=True)
        elif isinstance(node, ast.If):
            yield from _in_if(node, optional=optional, in_function=in_function)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            yield from _in_try(node, optional=optional, in_function=in_function)
        else:
            inner = optional or (isinstance(node, ast.With) and _suppresses(node))
            for body in _bodies(node):
                yield from _in_statements(body, optional=inner, in_function=in_function)


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if isinstance(body, list):
            yield body
    for case in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield case.body


def import_statements(node: ast.Import | ast.ImportFrom) -> Iterator[ImportStatement]:
    """Split one import statement by module."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield ImportStatement(module=alias.name, level=0, names=None, line=node.lineno)
    else:
        names = tuple(alias.name for alias in node.names)
        yield ImportStatement(
            module=node.module or "", level=node.level, names=names, line=node.lineno
        )


def is_type_checking(test: ast.expr) -> bool:
    """Whether a condition is `TYPE_CHECKING`."""
    return ast.unparse(test).rpartition(".")[2] == "TYPE_CHECKING"


def is_main_guard(node: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def _in_if(node: ast.If, *, optional: bool, in_function: bool) -> Iterator[ImportStatement]:
    condition = ast.unparse(node.test)
    loose = is_main_guard(node) or any(word in condition for word in _CONDITIONS)
    if not is_type_checking(node.test):
        yield from _in_statements(node.body, optional=optional or loose, in_function=in_function)
    yield from _in_statements(node.orelse, optional=optional or loose, in_function=in_function)


def _in_try(node: ast.AST, *, optional: bool, in_function: bool) -> Iterator[ImportStatement]:
    excused = optional or any(
        _catches_import_error(handler.type) for handler in getattr(node, "handlers", ())
    )
    for body in _bodies(node):
        yield from _in_statements(body, optional=excused, in_function=in_function)


def _catches_import_error(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    return any(
        isinstance(node, ast.Name) and node.id in _IMPORT_ERRORS for node in ast.walk(caught)
    )


def _suppresses(node: ast.With) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call)
        and ast.unparse(item.context_expr.func).endswith("suppress")
        and any(_catches_import_error(argument) for argument in item.context_expr.args)
        for item in node.items
    )


def _dynamic_imports(statement: ast.stmt) -> Iterator[ImportStatement | int]:
    """Yield literal dynamic imports as statements and the others as line numbers."""
    excused = {
        id(part)
        for node in ast.walk(statement)
        if isinstance(node, ast.Try)
        and any(_catches_import_error(handler.type) for handler in node.handlers)
        for body in node.body
        for part in ast.walk(body)
    }
    for node in ast.walk(statement):
        if not isinstance(node, ast.Call) or _called(node.func) not in _IMPORTERS:
            continue
        arguments = [*node.args[:2], *(each.value for each in node.keywords)]
        if not arguments:
            continue
        name = _text(arguments[0])
        if name is None:
            yield node.lineno
            continue
        package = _text(arguments[1]) if name.startswith(".") and len(arguments) > 1 else None
        level = len(name) - len(name.lstrip("."))
        if package is not None:
            above = package.split(".")
            name = ".".join([*above[: len(above) - level + 1], name.lstrip(".")])
            level = 0
        yield ImportStatement(
            module=name.lstrip("."),
            level=level,
            names=None,
            line=node.lineno,
            optional=id(node) in excused,
            in_function=True,
        )


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
