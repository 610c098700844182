"""Reads from a syntax tree what the names of a module's top level mean."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kfpkit.bundle.effects.code import Effects, Link, held_by, read_effects, read_links
from kfpkit.bundle.modules import resolve_name
from kfpkit.bundle.reading import FunctionNode


@dataclass(kw_only=True)
class Definitions:
    """The top-level names of a module. A name may be bound more than once.

    Args:
        module: The module's dotted name.
        is_package: Whether it is an `__init__.py`.
        body: Its statements.
        imports: Names that imports bind, with the dotted names that they refer to.
        functions: Functions by name.
        classes: Classes by name.
        assigned: For each variable, its assigned values. None for an unknown value.
        stars: The modules from which it imports all names.
    """

    module: str
    is_package: bool
    body: list[ast.stmt] = field(default_factory=list)
    imports: dict[str, list[str]] = field(default_factory=dict)
    functions: dict[str, list[FunctionNode]] = field(default_factory=dict)
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)
    assigned: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    def is_bound(self, name: str) -> bool:
        """Whether a visible statement binds a name."""
        tables = (self.imports, self.functions, self.classes, self.assigned)
        return any(name in table for table in tables)

    def is_only_imported(self, name: str) -> bool:
        """Whether only import statements bind a name."""
        tables = (self.functions, self.classes, self.assigned)
        return name in self.imports and not any(name in table for table in tables)

    @functools.cached_property
    def effects(self) -> Effects:
        """What running the module may change."""
        return read_effects(self.body)

    @functools.cached_property
    def _known(self) -> dict[int, Effects]:
        return {}

    def effects_in(self, function: FunctionNode) -> Effects:
        """What calling a function may change, including nested functions. Read once."""
        if id(function) not in self._known:
            self._known[id(function)] = read_effects(function.body, calls_run=True)
        return self._known[id(function)]

    def functions_behind(self, name: str) -> list[FunctionNode]:
        """Return the functions of a name, including any `lambda` in its values."""
        if name not in self._lambdas:
            values = [value for value in self.assigned.get(name, ()) if value is not None]
            self._lambdas[name] = [
                _as_function(node)
                for value in values
                for node in ast.walk(value)
                if isinstance(node, ast.Lambda)
            ]
        return [*self.functions.get(name, ()), *self._lambdas[name]]

    @functools.cached_property
    def _lambdas(self) -> dict[str, list[FunctionNode]]:
        return {}

    def ties_of(self, name: str) -> frozenset[Link]:
        """Return what a name is tied to. A function is tied to what it may return."""
        if name not in self._tied:
            own = () if self.is_only_imported(name) else self.effects.ties.get(name, ())
            functions = self.functions.get(name, ())
            returned = (self._ties_of_function(each) for each in functions)
            self._tied[name] = frozenset(own).union(*returned)
        return self._tied[name]

    @functools.cached_property
    def _tied(self) -> dict[str, frozenset[Link]]:
        return {}

    def _ties_of_function(self, function: FunctionNode) -> Iterator[Link]:
        local = self.effects_in(function).ties
        own = names_in(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
                for link in read_links(node.value):
                    names = trace_origins(link.name, local) - (
                        own - self.effects_in(function).declared
                    )
                    yield from (Link(name=each, tie=link.tie) for each in names)
        for default in [*function.args.defaults, *function.args.kw_defaults]:
            yield from held_by(read_links(default)) if default is not None else ()

    def kept_by(self, function: FunctionNode) -> Iterator[str]:
        """Yield the names that keep a function's argument: `HOOKS` in `HOOKS.append(hook)`."""
        parameters = parameters_in(function)
        ties = self.effects_in(function).ties
        for name in ties:
            if self.is_bound(name) and trace_origins(name, ties) & parameters:
                yield name


def _as_function(node: ast.Lambda) -> FunctionNode:
    """Return a `lambda` as a function, for reading."""
    body = ast.copy_location(ast.Return(value=node.body), node.body)
    return ast.copy_location(
        ast.FunctionDef(name="<lambda>", args=node.args, body=[body], decorator_list=[]), node
    )


@functools.lru_cache(maxsize=4096)
def names_in(function: FunctionNode) -> frozenset[str]:
    """Return the parameters and variables of a function and of nested functions."""
    return parameters_in(function) | stored_in(function)


@functools.lru_cache(maxsize=4096)
def parameters_in(function: FunctionNode) -> frozenset[str]:
    """Return the parameters of a function and of nested functions."""
    return frozenset(each.arg for each in ast.walk(function) if isinstance(each, ast.arg))


@functools.lru_cache(maxsize=4096)
def stored_in(function: FunctionNode) -> frozenset[str]:
    """Return the names that a function and nested functions assign or define."""
    return frozenset(
        node.id if isinstance(node, ast.Name) else node.name
        for node in ast.walk(function)
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        or (isinstance(node, FunctionNode | ast.ClassDef) and node is not function)
    )


def trace_origins(name: str, ties: dict[str, set[Link]]) -> frozenset[str]:
    """Return all names that a name is tied to, including itself."""
    found = {name}
    queue = [name]
    while queue:
        new = {each.name for each in ties.get(queue.pop(), ())} - found
        found |= new
        queue += new
    return frozenset(found)


def read_definitions(nodes: Iterable[ast.stmt], module: str, *, is_package: bool) -> Definitions:
    """Read what a module's statements define, including in blocks but not inside functions."""
    found = Definitions(module=module, is_package=is_package, body=list(nodes))
    for node in _walk_statements(found.body):
        if isinstance(node, FunctionNode):
            found.functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            found.classes.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _import(node, found)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                _assign(target, node.value, found)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            if node.value is not None:
                _assign(node.target, node.value, found)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.assigned.setdefault(node.id, []).append(None)
    return found


def _walk_statements(nodes: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield statements and assigned values, without entering functions, classes and values."""
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


def _import(node: ast.Import | ast.ImportFrom, found: Definitions) -> None:
    for name, dotted in read_imported_names(node, found.module, is_package=found.is_package):
        if dotted not in found.imports.setdefault(name, []):
            found.imports[name].append(dotted)
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        source = resolve_name(
            node.module or "", node.level, found.module, is_package=found.is_package
        )
        found.stars += [source] if source else []


def read_imported_names(
    node: ast.Import | ast.ImportFrom, module: str, *, is_package: bool
) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, with the absolute dotted names."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
        return
    source = resolve_name(node.module or "", node.level, module, is_package=is_package)
    if source is None:
        return
    for alias in node.names:
        if alias.name != "*":
            yield alias.asname or alias.name, f"{source}.{alias.name}"
