"""Resolves what names in a piece of source mean, as far as the source shows.

Code names files and modules by constants: `HERE = Path(__file__).parent`, `PLUGINS = ("a", "b")`,
`for name in PLUGINS`. For each name, a scope contains all expressions that the name may be bound
to. If a name also gets a value in another way (as an argument, by an augmented assignment), it may
be anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfpkit.bundle.reading.branches import list_running_statements
from kfpkit.bundle.reading.syntax import read_chain

_ALIASES = 5
_Scoped = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, kw_only=True)
class Binding:
    """One way in which a name gets its value.

    Args:
        value: The expression. None if unknown.
        each: Whether the name is bound to each element of the expression, in a loop.
    """

    value: ast.expr | None = None
    each: bool = False


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The names that a function, a class or a module binds.

    Args:
        bound: Their bindings.
        imported: The names that import statements bind, with dotted names. Relative names keep
            their dots.
        outer: The enclosing scope.
        of_class: Whether it is a class body. The functions in a class body don't see its names.
    """

    bound: Mapping[str, tuple[Binding, ...]] = field(default_factory=dict)
    imported: Mapping[str, str] = field(default_factory=dict)
    outer: Scope | None = None
    of_class: bool = False

    def bindings(self, name: str) -> tuple[Binding, ...]:
        """Return how a name may get its value. Empty for a name that isn't bound here."""
        if name in self.bound or name in self.imported or self.outer is None:
            return self.bound.get(name, ())
        return self.outer.bindings(name)

    def origin(self, name: str) -> str | None:
        """Return the dotted name that an import statement binds to a name."""
        if name in self.bound or name in self.imported or self.outer is None:
            return self.imported.get(name)
        return self.outer.origin(name)

    def dotted(self, node: ast.expr) -> str | None:
        """Return the dotted name that an expression refers to, through imports and aliases."""
        name = read_chain(node)
        for _ in range(_ALIASES):
            root, dot, rest = (name or "").partition(".")
            aliased = self.origin(root) or self._alias(root)
            if name is None or aliased is None:
                break
            name = aliased + dot + rest
            if self.origin(root) is not None:
                break
        return name

    def _alias(self, name: str) -> str | None:
        bindings = self.bindings(name)
        if len(bindings) != 1 or bindings[0].value is None or bindings[0].each:
            return None
        return read_chain(bindings[0].value)


def walk_scoped_expressions(nodes: list[ast.stmt]) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the outermost expressions that may run, with their scopes.

    Code under `TYPE_CHECKING`, `COMPILE_TIME` or `if __name__ == "__main__":` is left out.
    """
    yield from _walk_scope(nodes, Scope(**_read_names(nodes)))


def _walk_scope(nodes: Iterable[ast.AST], scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.expr):
            yield node, scope
        elif isinstance(node, _Scoped):
            stack += _list_outer_parts(node)
            outer = scope.outer if scope.of_class else scope
            names = _read_names(node.body, _arguments(node))
            inside = Scope(**names, outer=outer, of_class=isinstance(node, ast.ClassDef))
            yield from _walk_scope(node.body, inside)
        else:
            stack += _running_parts(node)


def _list_outer_parts(node: _Scoped) -> Iterator[ast.AST]:
    """Yield the parts of a definition that run where it is."""
    for name, value in ast.iter_fields(node):
        if name not in {"body", "returns", "type_params"}:
            yield from (each for each in _listed(value) if isinstance(each, ast.AST))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _running_parts(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.If):
        return [node.test, *list_running_statements(node)]
    if isinstance(node, ast.AnnAssign):
        return [node.value] if node.value else []
    return [] if isinstance(node, ast.arg) else list(ast.iter_child_nodes(node))


def _arguments(node: _Scoped) -> list[str]:
    arguments = getattr(node, "args", None)
    named = ast.walk(arguments) if arguments else ()
    return [each.arg for each in named if isinstance(each, ast.arg)]


def _read_names(nodes: Iterable[ast.AST], arguments: Iterable[str] = ()) -> dict[str, Any]:
    bound: dict[str, tuple[Binding, ...]] = {name: (Binding(),) for name in arguments}
    imported: dict[str, str] = {}
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported.update(_imported(node))
            continue
        for name, binding in _read_bindings(node):
            bound[name] = (*bound.get(name, ()), binding)
        if not isinstance(node, _Scoped):
            stack += ast.iter_child_nodes(node)
    return {"bound": bound, "imported": imported}


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, alias.name if alias.asname else top
    else:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            dot = "" if module.endswith(".") else "."
            yield alias.asname or alias.name, f"{module}{dot}{alias.name}"


def _read_bindings(node: ast.AST) -> Iterator[tuple[str, Binding]]:
    """Yield the names that a node itself binds, without its children."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target, Binding(value=node.value))
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
        if node.value:
            yield from _targets(node.target, Binding(value=node.value))
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from _targets(node.target, Binding(value=node.iter, each=True))
    elif isinstance(node, ast.AugAssign):
        yield from _targets(node.target, Binding())
    elif isinstance(node, ast.withitem):
        if node.optional_vars:
            yield from _targets(node.optional_vars, Binding())
    elif isinstance(name := getattr(node, "name", None), str):
        # A definition, `except … as name`, a pattern.
        yield name, Binding()


def _targets(target: ast.expr, binding: Binding) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, binding
    elif isinstance(target, ast.Tuple | ast.List | ast.Starred):
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, Binding()
