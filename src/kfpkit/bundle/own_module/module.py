"""A component's own module as top-level statements."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kfpkit.bundle.effects import Definitions, read_definitions
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import (
    PREAMBLE_ALIASES,
    FunctionNode,
    Text,
    decode,
    is_component_decorator,
    is_pipeline,
    list_compile_time_aliases,
    list_running_statements,
    list_stored_names,
    parse,
    read_annotation_names,
    read_chain,
    read_kfp_aliases,
    read_state,
    uses_when_compiling,
)


@dataclass(frozen=True, eq=False)
class OwnModule:
    """A module that ships in part.

    Args:
        file: Its file.
        text: Its decoded source.
        tree: Its syntax tree.
        makers: Functions of the project that make components, as this module writes them.
    """

    file: Path
    text: Text
    tree: ast.Module
    makers: frozenset[str] = frozenset()

    @functools.cached_property
    def _variants(self) -> dict[frozenset[str], OwnModule]:
        return {self.makers: self}

    def with_makers(self, makers: frozenset[str]) -> OwnModule:
        """Return the module with functions that make components. Created once."""
        if makers not in self._variants:
            self._variants[makers] = replace(self, makers=makers)
        return self._variants[makers]

    def definitions(self, module: str, *, is_package: bool) -> Definitions:
        """Return the definitions of its names, under a dotted name. Read once."""
        if (module, is_package) not in self._definitions:
            found = read_definitions(self.tree.body, module, is_package=is_package)
            self._definitions[module, is_package] = found
        return self._definitions[module, is_package]

    @functools.cached_property
    def _definitions(self) -> dict[tuple[str, bool], Definitions]:
        return {}

    @functools.cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its top-level statements."""
        return tuple(Statement(self, node) for node in self.tree.body)

    @functools.cached_property
    def kfp_aliases(self) -> dict[str, str]:
        """The names that refer to parts of kfp and kfpkit."""
        known = self.definitions("", is_package=False)
        preamble = {
            name: origin
            for name, origin in PREAMBLE_ALIASES.items()
            if name not in known.imports.keys() | known.assigned.keys() | known.functions.keys()
        }
        return preamble | read_kfp_aliases(self.tree.body)

    @functools.cached_property
    def deferred(self) -> bool:
        """Whether its annotations are not evaluated."""
        return any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in self.tree.body
        )

    @functools.cached_property
    def binders(self) -> dict[str, tuple[int, ...]]:
        """The indexes of the statements that bind each name.

        A function that declares a name `global` counts only if nothing else binds the name.
        """
        later = _index(statement.bound_by_calls for statement in self.statements)
        return later | _index(statement.bound for statement in self.statements)

    @functools.cached_property
    def components(self) -> frozenset[str]:
        """The names of decorated components at top level."""
        return frozenset(
            name for each in self.statements if each.is_component for name in each.bound
        )

    @functools.cached_property
    def other_decorators(self) -> frozenset[str]:
        """The dotted names of function decorators that don't come from KFP or kfpkit."""
        return frozenset(
            name
            for node in ast.walk(self.tree)
            for each in (node.decorator_list if isinstance(node, FunctionNode) else ())
            if not is_component_decorator(each, self.kfp_aliases)
            and (name := read_chain(each.func if isinstance(each, ast.Call) else each))
        )

    @functools.cached_property
    def compile_time_names(self) -> frozenset[str]:
        """Names of objects that exist only at compile time, such as pipelines and clients."""
        found: set[str] = set()
        known = -1
        while known != len(found):
            known = len(found)
            for node in self.tree.body:
                found |= self._compile_time_names(node, frozenset(found))
        return frozenset(found)

    def _compile_time_names(self, node: ast.stmt, known: frozenset[str]) -> frozenset[str]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = list_compile_time_aliases(node, self.kfp_aliases)
            return frozenset(name for name in names if "." in self.kfp_aliases.get(name, "."))
        if isinstance(node, FunctionNode | ast.ClassDef):
            if node.name in self.components:
                return frozenset()
            uses = is_pipeline(node, self.kfp_aliases) or uses_when_compiling(
                node, self.kfp_aliases, known
            )
            return frozenset({node.name}) if uses else frozenset()
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            uses = uses_when_compiling(node.value, self.kfp_aliases, known)
            return list_stored_names(targets) if uses else frozenset()
        return frozenset().union(
            *(self._compile_time_names(each, known) for each in _list_inner_statements(node))
        )

    def is_compile_time(self, node: ast.stmt) -> bool:
        """Whether a statement is only for compiling."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            dropped = list_compile_time_aliases(node, self.kfp_aliases)
            return bool(dropped) and len(dropped) == len(node.names)
        if isinstance(node, FunctionNode):
            return is_pipeline(node, self.kfp_aliases)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr):
            return uses_when_compiling(node, self.kfp_aliases, self.compile_time_names)
        return False

    @functools.cached_property
    def used_names(self) -> frozenset[str]:
        """The names that anything in the module reads, including annotations in strings."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
                found |= read_annotation_names(node.annotation)
            elif isinstance(node, FunctionNode) and node.returns is not None:
                found |= read_annotation_names(node.returns)
        return frozenset(found)

    @functools.cached_property
    def used_paths(self) -> frozenset[str]:
        """The dotted names that anything in the module reads, and each of their prefixes."""
        found = set(self.used_names)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and (name := read_chain(node)):
                found.add(name)
        return frozenset(found)

    @functools.cached_property
    def _statements_on_line(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        for statement in self.statements:
            for line in {statement.first, statement.last}:
                counts[line] = counts.get(line, 0) + 1
        return counts

    def shares_line(self, statement: Statement) -> bool:
        """Whether another statement is on the first or last line of this one."""
        counts = self._statements_on_line
        return counts.get(statement.first, 0) > 1 or counts.get(statement.last, 0) > 1

    @functools.cached_property
    def stars(self) -> dict[int, tuple[ast.ImportFrom, ...]]:
        """The indexes of statements with star imports, with these imports."""
        found = {index: tuple(_stars_in(node)) for index, node in enumerate(self.tree.body)}
        return {index: nodes for index, nodes in found.items() if nodes}

    @functools.cached_property
    def functions(self) -> dict[str, tuple[Root, ...]]:
        """All functions in it, by name."""
        found: dict[str, tuple[Root, ...]] = {}
        stack: list[tuple[ast.AST, tuple[ast.stmt, ...]]] = [(self.tree, ())]
        while stack:
            parent, enclosing = stack.pop()
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, FunctionNode):
                    root = Root(node=node, enclosing=enclosing)
                    found[node.name] = (*found.get(node.name, ()), root)
                if isinstance(node, FunctionNode | ast.ClassDef):
                    stack.append((node, (*enclosing, node)))
                elif not isinstance(node, ast.expr):
                    stack.append((node, enclosing))
        return found

    def find_function(self, name: str, qualname: str, line: int | None) -> Root | None:
        """Find a function by name and first line, or the last one with its qualified name."""
        path = [part for part in qualname.split(".") if part != "<locals>"]
        roots = self.functions.get(name, ())
        exact = [root for root in roots if root.first_line == line]
        named = [root for root in roots if root.path == path]
        found = exact or sorted(named, key=lambda root: root.first_line)
        return found[-1] if found else None

    @functools.cached_property
    def _made(self) -> dict[ast.stmt, Statement]:
        return {}

    def statement_of(self, node: ast.stmt) -> Statement:
        """Return the statement for a node inside another one. Created once."""
        return self._made.setdefault(node, Statement(self, node))

    def index_around(self, node: ast.stmt) -> int:
        """Return the index of the top-level statement that contains a statement."""
        return next(
            index
            for index, each in enumerate(self.statements)
            if each.first <= node.lineno <= each.last
        )


def read_own_module(file: Path) -> OwnModule:
    """Read a module that ships in part. Parsed once for each state of the file."""
    return _read_own_module(str(file), read_state(str(file)))


@functools.cache
def _read_own_module(file: str, _state: tuple[int, int]) -> OwnModule:
    path = Path(file)
    content = path.read_bytes()
    tree = parse(content, path)
    return OwnModule(path, decode(content), tree)


def make_own_module(source: str, file: Path) -> OwnModule:
    """Make a module from source without a file, such as notebook cells."""
    return OwnModule(file, decode(source.encode()), parse(source, file))


def _stars_in(node: ast.stmt) -> Iterator[ast.ImportFrom]:
    if isinstance(node, FunctionNode | ast.ClassDef):
        return
    for each in [node] if isinstance(node, ast.ImportFrom) else ast.walk(node):
        if isinstance(each, ast.ImportFrom) and each.names[0].name == "*":
            yield each


def _list_inner_statements(node: ast.stmt) -> Iterable[ast.stmt]:
    """Return the statements of a block that may run in a container."""
    if isinstance(node, ast.If):
        return list_running_statements(node)
    bodies = [getattr(node, field, None) or [] for field in ("body", "orelse", "finalbody")]
    others = (*getattr(node, "handlers", ()), *getattr(node, "cases", ()))
    return [each for body in [*bodies, *(other.body for other in others)] for each in body]


def _index(groups: Iterable[frozenset[str]]) -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for position, names in enumerate(groups):
        for name in names:
            index[name] = (*index.get(name, ()), position)
    return index
