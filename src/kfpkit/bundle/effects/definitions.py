"""What the names of a module's top level stand for, read from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kfpkit.bundle.effects.code import path_of
from kfpkit.bundle.modules import absolute
from kfpkit.bundle.syntax import FunctionNode

# Calls whose values nothing can change: as written, or behind the module that has them.
_CONSTANT_CALLS = frozenset(
    {
        *("bool", "bytes", "complex", "float", "frozenset", "int", "len", "object", "round", "str"),
        *("Path", "Path.absolute", "Path.cwd", "Path.home", "Path.joinpath", "Path.read_text"),
        *("Path.resolve", "Path.with_name", "Path.with_suffix", "PurePath", "PurePosixPath"),
        *("Decimal", "Fraction", "NewType", "ParamSpec", "TypeVar", "dedent", "timedelta"),
        *("date.fromisoformat", "date.today", "datetime.fromisoformat", "datetime.now"),
        *("environ.get", "getenv", "getcwd", "path.abspath", "path.dirname", "path.join"),
        *("re.compile", "datetime.date", "datetime.datetime", "timezone.utc"),
    }
)
# Expressions that are constant if their parts are.
_MADE_OF_PARTS = ast.Attribute | ast.BinOp | ast.BoolOp | ast.IfExp | ast.Tuple | ast.UnaryOp
_CONSTANT_VALUES = ("os.environ", "os.sep", "sys.version_info", "__file__", "__name__")


@dataclass(kw_only=True)
class Definitions:
    """The top-level names of a module.

    Args:
        module: The module's dotted name.
        is_package: Whether it is an `__init__.py`.
        imports: Names that imports give, with the dotted name of what they stand for.
        functions: Functions by name; the last definition.
        classes: Classes by name; the last definition.
        assigned: For each variable the values that it is given.
    """

    module: str
    is_package: bool
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, FunctionNode] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    assigned: dict[str, list[ast.expr | None]] = field(default_factory=dict)

    def is_changeable(self, name: str) -> bool:
        """Whether handing an object to a library may let it change: no function, no constant."""
        return name not in self.functions and not self.is_constant(name)

    def is_constant(self, name: str) -> bool:
        """Whether nothing can change the object of a variable, a string or a number for example."""
        return self._is_constant(name, frozenset())

    def _is_constant(self, name: str, seen: frozenset[str]) -> bool:
        values = self.assigned.get(name)
        if not values or name in self.functions or name in self.classes or name in seen:
            return False
        return all(value is not None and self._is_fixed(value, seen | {name}) for value in values)

    def _is_fixed(self, node: ast.expr, seen: frozenset[str]) -> bool:
        if isinstance(node, ast.Name):
            return node.id in _CONSTANT_VALUES or self._is_constant(node.id, seen)
        if isinstance(node, ast.Call):
            parts = (path_of(node) or "").split(".")
            return any(".".join(parts[start:]) in _CONSTANT_CALLS for start in range(len(parts)))
        if isinstance(node, ast.Attribute | ast.Subscript) and path_of(node) in _CONSTANT_VALUES:
            return True
        if isinstance(node, _MADE_OF_PARTS):
            parts_of = (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
            return all(self._is_fixed(each, seen) for each in parts_of)
        return isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare)

    def path_behind(self, name: str) -> str | None:
        """Return what a variable was made by: `logging.getLogger` for `log = getLogger(…)`."""
        values = self.assigned.get(name) or [None]
        return path_of(values[-1]) if values[-1] is not None else None


def definitions_of(nodes: Iterable[ast.stmt], module: str, *, is_package: bool) -> Definitions:
    """Read what a module's statements define, in blocks too but not inside functions."""
    found = Definitions(module=module, is_package=is_package)
    for node in _running(nodes):
        if isinstance(node, FunctionNode):
            found.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found.classes[node.name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.imports |= dict(imported(node, module, is_package=is_package))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                _assign(target, node.value, found)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            if node.value is not None:
                _assign(node.target, node.value, found)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.assigned.setdefault(node.id, []).append(None)
    return found


def _running(nodes: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield statements and what they assign, without entering functions, classes and values."""
    stack: list[ast.AST] = [*nodes]
    stack.reverse()
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, FunctionNode | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            stack += [node.value] if node.value is not None else []
            continue
        stack += list(ast.iter_child_nodes(node))[::-1]


def _assign(target: ast.expr, value: ast.expr, found: Definitions) -> None:
    if isinstance(target, ast.Name):
        found.assigned.setdefault(target.id, []).append(value)
        return
    if isinstance(target, ast.Tuple | ast.List):
        values: list[ast.expr | None] = [None] * len(target.elts)
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            values = list(value.elts)
        for each, part in zip(target.elts, values, strict=True):
            if isinstance(each, ast.Name):
                found.assigned.setdefault(each.id, []).append(part)
            elif part is not None:
                _assign(each, part, found)


def imported(
    node: ast.Import | ast.ImportFrom, module: str, *, is_package: bool
) -> Iterator[tuple[str, str]]:
    """Yield the names that an import gives with the absolute dotted names that they stand for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
        return
    source = absolute(node.module or "", node.level, module, is_package=is_package)
    if source is None:
        return
    for alias in node.names:
        if alias.name != "*":
            yield alias.asname or alias.name, f"{source}.{alias.name}"
