"""A component's own module as top-level statements: what each binds, reads and changes."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.bundle.compile_time import (
    Use,
    compile_time_uses,
    is_component_decorator,
    kfp_aliases,
)
from kfpkit.bundle.imports import ImportStatement, imports_of, is_main_guard, is_type_checking
from kfpkit.bundle.names import Names, names_of
from kfpkit.bundle.source import Text, decode, parse, state_of
from kfpkit.bundle.syntax import (
    FunctionNode,
    bound_name,
    chain,
    changed,
    columns,
    running_functions,
)


@dataclass(frozen=True, kw_only=True)
class Root:
    """A function from which a module is reduced.

    Args:
        node: The function.
        enclosing: The functions and classes around it, the outermost first.
    """

    node: FunctionNode
    enclosing: tuple[ast.stmt, ...] = ()

    @property
    def first_line(self) -> int:
        """Its first line, decorators included."""
        return min([self.node.lineno, *(each.lineno for each in self.node.decorator_list)])

    @property
    def path(self) -> list[str]:
        """Its name after the names of what is around it."""
        return [getattr(each, "name", "") for each in (*self.enclosing, self.node)]


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement of a module.

    Args:
        module: The module it stands in.
        node: Its syntax tree.
        plain: The function in it that loses all its decorators, not only component decorators.
    """

    module: OwnModule
    node: ast.stmt
    plain: FunctionNode | None = None

    @functools.cached_property
    def first(self) -> int:
        """Its first line, decorators included."""
        return min([self.node.lineno, *(each.lineno for each in self._decorators)])

    @property
    def last(self) -> int:
        """Its last line."""
        return self.node.end_lineno or self.node.lineno

    @property
    def _decorators(self) -> list[ast.expr]:
        return getattr(self.node, "decorator_list", [])

    @functools.cached_property
    def is_component(self) -> bool:
        """Whether it defines a function with a component decorator."""
        return isinstance(self.node, FunctionNode) and any(
            is_component_decorator(each, self.module.kfp_aliases) for each in self._decorators
        )

    @functools.cached_property
    def dropped(self) -> frozenset[int]:
        """The lines of decorators that do not ship."""
        return frozenset(
            line for function in running_functions(self.node) for line in self._drop(function)
        )

    def _drop(self, function: FunctionNode) -> Iterator[int]:
        decorators = function.decorator_list
        starts = [each.lineno for each in decorators]
        for each, end in zip(decorators, [*starts[1:], function.lineno], strict=False):
            if function is self.plain or is_component_decorator(each, self.module.kfp_aliases):
                yield from range(each.lineno, end)

    @functools.cached_property
    def lines(self) -> dict[int, str]:
        """Its lines by number, as they ship."""
        lines = self.module.text.lines
        if not self.module.shares_line(self):
            numbers = range(self.first, self.last + 1)
            return {line: lines[line - 1] for line in numbers if line not in self.dropped}
        kept = {line: lines[line - 1] for line in range(self.first, self.last + 1)}
        kept[self.last] = columns(kept[self.last], 0, self.node.end_col_offset)
        kept[self.first] = columns(kept[self.first], self.node.col_offset, None)
        return kept

    @functools.cached_property
    def parts(self) -> list[ast.stmt]:
        """The statement without the decorators that do not ship, for reading its names."""
        if not self.dropped:
            return [self.node]
        indent = "if True:" if self._indented else ""
        above = [*[""] * (min(self.lines) - 2), indent] if min(self.lines) > 1 else []
        lines = [self.lines.get(line, "") for line in range(min(self.lines), self.last + 1)]
        return ast.parse("\n".join([*above, *lines])).body

    @functools.cached_property
    def names(self) -> Names:
        """The names that it binds and reads."""
        if is_main_guard(self.node):
            return Names(bound=frozenset(), read=frozenset(), mentioned=frozenset())
        source = "\n".join(self.lines.values()) + "\n"
        if self._indented and not self.module.shares_line(self):
            source = "if True:\n" + source
        return names_of(source, self.parts, deferred=self.module.deferred)

    @property
    def _indented(self) -> bool:
        line = self.module.text.lines[self.node.lineno - 1]
        return bool(line[: self.node.col_offset].strip("\f"))

    @functools.cached_property
    def bound(self) -> frozenset[str]:
        """The names that it gives its module."""
        node = self.node
        if isinstance(node, ast.If) and is_type_checking(node.test) and not node.orelse:
            return frozenset()
        if isinstance(node, ast.ClassDef | FunctionNode):
            return self.names.bound if "global " in self._source else frozenset({node.name})
        if isinstance(node, ast.Import | ast.ImportFrom):
            return frozenset(bound_name(alias) for alias in node.names)
        return self.names.bound

    @property
    def _source(self) -> str:
        return "\n".join(self.lines.values())

    @functools.cached_property
    def changed(self) -> frozenset[str]:
        """The names whose objects it changes: `TABLE["x"] = 1`, `REGISTRY.append(…)`."""
        return frozenset() if is_main_guard(self.node) else frozenset(changed([self.node]))

    @functools.cached_property
    def chains(self) -> frozenset[str]:
        """The dotted names that it reads, each with what is in front of it."""
        found: set[str] = set()
        for part in self.parts:
            for node in ast.walk(part):
                if isinstance(node, ast.Attribute | ast.Name) and (name := chain(node)):
                    found.add(name)
        return frozenset(found)

    @functools.cached_property
    def imports(self) -> tuple[ImportStatement, ...]:
        """What it imports."""
        return imports_of(self.parts)

    @functools.cached_property
    def uses(self) -> tuple[Use, ...]:
        """Where it uses what kfp has only where pipelines are compiled."""
        return compile_time_uses(self.parts, self.module.kfp_aliases)

    def line_of(self, name: str) -> int:
        """Return the first line that reads a name."""
        lines = [
            node.lineno
            for part in self.parts
            for node in ast.walk(part)
            if isinstance(node, ast.Name) and node.id == name
        ]
        return min(lines, default=self.node.lineno)


@dataclass(frozen=True, eq=False)
class OwnModule:
    """A module that ships in part.

    Args:
        file: Where it stands.
        text: Its decoded source.
        tree: Its syntax tree.
    """

    file: Path
    text: Text
    tree: ast.Module

    @functools.cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its top-level statements."""
        return tuple(Statement(self, node) for node in self.tree.body)

    @functools.cached_property
    def kfp_aliases(self) -> dict[str, str]:
        """The names that stand for parts of kfp and kfpkit."""
        return kfp_aliases(self.tree.body)

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
        """The statements that bind a name, by their index."""
        return _index(statement.bound for statement in self.statements)

    @functools.cached_property
    def changers(self) -> dict[str, tuple[int, ...]]:
        """The statements that change the object of a name, by their index."""
        return _index(statement.changed for statement in self.statements)

    @functools.cached_property
    def components(self) -> frozenset[str]:
        """The names of decorated components at top level."""
        return frozenset(
            name for each in self.statements if each.is_component for name in each.bound
        )

    @functools.cached_property
    def _statements_on_line(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        for statement in self.statements:
            for line in {statement.first, statement.last}:
                counts[line] = counts.get(line, 0) + 1
        return counts

    def shares_line(self, statement: Statement) -> bool:
        """Whether another statement stands on the first or last line of this one."""
        counts = self._statements_on_line
        return counts.get(statement.first, 0) > 1 or counts.get(statement.last, 0) > 1

    @functools.cached_property
    def stars(self) -> tuple[int, ...]:
        """The star imports, by their index."""
        return tuple(
            index
            for index, statement in enumerate(self.statements)
            if isinstance(statement.node, ast.ImportFrom) and statement.node.names[0].name == "*"
        )

    @functools.cached_property
    def functions(self) -> dict[str, tuple[Root, ...]]:
        """All functions in it, by their names."""
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
        """Find a function by its name and first line, else the last of its qualified name."""
        path = [part for part in qualname.split(".") if part != "<locals>"]
        roots = self.functions.get(name, ())
        exact = [root for root in roots if root.first_line == line]
        named = [root for root in roots if root.path == path]
        found = exact or sorted(named, key=lambda root: root.first_line)
        return found[-1] if found else None

    @functools.cached_property
    def _plain(self) -> dict[tuple[FunctionNode, ast.stmt], Statement]:
        return {}

    def plain_statement(self, function: FunctionNode, node: ast.stmt) -> Statement:
        """Return a statement in which a function has no decorators; made once."""
        made = Statement(self, node, plain=function)
        return self._plain.setdefault((function, node), made)

    def index_around(self, node: ast.stmt) -> int:
        """Return the index of the top-level statement that a statement stands in."""
        return next(
            index
            for index, each in enumerate(self.statements)
            if each.first <= node.lineno <= each.last
        )


def read_own_module(file: Path) -> OwnModule:
    """Read a module that ships in part; parsed once for each state of the file."""
    return _read_own_module(str(file), state_of(str(file)))


@functools.cache
def _read_own_module(file: str, _state: tuple[int, int]) -> OwnModule:
    path = Path(file)
    content = path.read_bytes()
    tree = parse(content, path)
    return OwnModule(path, decode(content), tree)


def own_module_of(source: str, file: Path) -> OwnModule:
    """Make a module from source that stands in no file, such as a notebook's cells."""
    return OwnModule(file, decode(source.encode()), parse(source, file))


def _index(groups: Iterator[frozenset[str]]) -> dict[str, tuple[int, ...]]:
    index: dict[str, tuple[int, ...]] = {}
    for position, names in enumerate(groups):
        for name in names:
            index[name] = (*index.get(name, ()), position)
    return index
