"""A top-level statement of a component's own module, with the names that it binds and reads.

Parts that only compiling needs are cut out before anything else is read: component decorators,
pipelines, imports of KFP's compiler, `if kfpkit.COMPILE_TIME:`.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kfpkit.bundle.effects import Effects, read_effects
from kfpkit.bundle.own_module.cuts import Cuts
from kfpkit.bundle.reading import (
    FunctionNode,
    ImportStatement,
    Names,
    Use,
    bound_name,
    cut_columns,
    find_compile_time_uses,
    find_running_functions,
    is_component_decorator,
    is_main_guard,
    read_chain,
    read_imports,
    read_names,
)

if TYPE_CHECKING:
    from kfpkit.bundle.own_module.module import OwnModule

_WORDS = 60


@dataclass(frozen=True, kw_only=True)
class Root:
    """A function at which the reduction of a module starts.

    Args:
        node: The function.
        enclosing: The functions and classes around it, starting with the outermost.
    """

    node: FunctionNode
    enclosing: tuple[ast.stmt, ...] = ()

    @property
    def first_line(self) -> int:
        """Its first line, including decorators."""
        return min([self.node.lineno, *(each.lineno for each in self.node.decorator_list)])

    @property
    def path(self) -> list[str]:
        """Its name, after the names of the functions and classes around it."""
        return [getattr(each, "name", "") for each in (*self.enclosing, self.node)]


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement of a module.

    Args:
        module: Its module.
        node: Its syntax tree.
    """

    module: OwnModule
    node: ast.stmt

    @functools.cached_property
    def first(self) -> int:
        """Its first line, including decorators."""
        return min([self.node.lineno, *(each.lineno for each in self._decorators)])

    @property
    def last(self) -> int:
        """Its last line."""
        return self.node.end_lineno or self.node.lineno

    @property
    def words(self) -> str:
        """Its first words, as messages quote them."""
        line = self.module.text.lines[self.first - 1].strip()
        if self.last == self.first and self.module.shares_line(self):
            text = self.module.text.lines[self.first - 1]
            line = cut_columns(text, self.node.col_offset, self.node.end_col_offset).strip()
        return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"

    @property
    def _decorators(self) -> list[ast.expr]:
        return getattr(self.node, "decorator_list", [])

    @functools.cached_property
    def is_component(self) -> bool:
        """Whether it defines a function with a component decorator."""
        return isinstance(self.node, FunctionNode) and any(
            self._makes_component(each) for each in self._decorators
        )

    def _makes_component(self, decorator: ast.expr) -> bool:
        return is_component_decorator(decorator, self.module.kfp_aliases, self.module.makers)

    @functools.cached_property
    def _cuts(self) -> Cuts:
        """The parts that don't ship."""
        cuts = Cuts(lines=self.module.text.lines)
        for function in find_running_functions(self.node):
            for line in self._decorators_to_drop(function):
                cuts.drop_line(line)
        if not self.module.shares_line(self):
            cuts.cut_blocks(self.node, self.module.is_compile_time, self.module.kfp_aliases)
        return cuts

    def _decorators_to_drop(self, function: FunctionNode) -> Iterator[int]:
        """Yield the lines of the component decorator and of the decorators above it.

        A decorator above it receives the component, not the function. Decorators below it belong to
        the function.
        """
        decorators = function.decorator_list
        making = [index for index, each in enumerate(decorators) if self._makes_component(each)]
        starts = [each.lineno for each in decorators]
        ends = [*starts[1:], function.lineno]
        for start, end in zip(starts[: max(making, default=-1) + 1], ends, strict=False):
            yield from range(start, end)

    @functools.cached_property
    def lines(self) -> dict[int, str]:
        """Its shipped lines, by number."""
        if not self.module.shares_line(self):
            return self._cuts.lines_between(self.first, self.last)
        lines = self.module.text.lines
        kept = {line: lines[line - 1] for line in range(self.first, self.last + 1)}
        kept[self.last] = cut_columns(kept[self.last], 0, self.node.end_col_offset)
        kept[self.first] = cut_columns(kept[self.first], self.node.col_offset, None)
        return kept

    @functools.cached_property
    def parts(self) -> list[ast.stmt]:
        """The statement without the parts that don't ship, for reading its names."""
        if not self._cuts:
            return [self.node]
        first = min(self.lines)
        indent = "if True:" if self._indented else ""
        above = [*[""] * (first - 2), indent] if first > 1 else []
        lines = [self.lines.get(line, "") for line in range(first, self.last + 1)]
        return ast.parse("\n".join([*above, *lines])).body

    @functools.cached_property
    def names(self) -> Names:
        """The names that it binds and reads."""
        if self._is_for_main:
            return Names(bound=frozenset(), read=frozenset(), mentioned=frozenset())
        source = "\n".join(self.lines.values()) + "\n"
        if self._indented and not self.module.shares_line(self):
            source = "if True:\n" + source
        return read_names(source, self.parts, deferred=self.module.deferred)

    @property
    def _is_for_main(self) -> bool:
        """Whether none of it runs in a container, which imports the module."""
        return is_main_guard(self.node) and not getattr(self.node, "orelse", ())

    @property
    def _indented(self) -> bool:
        line = self.module.text.lines[self.node.lineno - 1]
        return bool(line[: self.node.col_offset].strip("\f"))

    @functools.cached_property
    def bound(self) -> frozenset[str]:
        """The names that it binds in its module."""
        node = self.node
        if isinstance(node, FunctionNode):
            return frozenset({node.name})
        if isinstance(node, ast.ClassDef):
            return self.names.bound if "global " in self._source else frozenset({node.name})
        if isinstance(node, ast.Import | ast.ImportFrom):
            return frozenset(bound_name(alias) for alias in node.names)
        return self.names.bound

    @functools.cached_property
    def bound_by_calls(self) -> frozenset[str]:
        """The names that a function binds in its module when it is called."""
        declares = isinstance(self.node, FunctionNode) and "global " in self._source
        return self.names.bound - self.bound if declares else frozenset()

    @property
    def _source(self) -> str:
        return "\n".join(self.lines.values())

    @functools.cached_property
    def effects(self) -> Effects:
        """The effects of running it."""
        if isinstance(self.node, ast.Import | ast.ImportFrom):
            return Effects()
        return read_effects(self.parts)

    @functools.cached_property
    def acts(self) -> bool:
        """Whether it may do anything except bind names and define callables."""
        if self._is_for_main:
            return False
        block = not isinstance(self.node, FunctionNode | ast.ClassDef)
        return bool(self.effects) or (block and bool(self.imports))

    @functools.cached_property
    def chains(self) -> frozenset[str]:
        """The dotted names that it reads, with all their prefixes."""
        return frozenset(
            name
            for part in self.parts
            for node in ast.walk(part)
            if isinstance(node, ast.Attribute | ast.Name) and (name := read_chain(node))
        )

    @functools.cached_property
    def values(self) -> frozenset[str]:
        """The dotted names that it uses as a whole, without a following attribute."""
        inner = {
            id(node.value)
            for part in self.parts
            for node in ast.walk(part)
            if isinstance(node, ast.Attribute)
        }
        return frozenset(
            name
            for part in self.parts
            for node in ast.walk(part)
            if isinstance(node, ast.Attribute | ast.Name)
            and id(node) not in inner
            and (name := read_chain(node))
        )

    @functools.cached_property
    def imports(self) -> tuple[ImportStatement, ...]:
        """Its imports."""
        return read_imports(self.parts)

    @functools.cached_property
    def uses(self) -> tuple[Use, ...]:
        """Its uses of parts of kfp that exist only where pipelines are compiled."""
        return find_compile_time_uses(self.parts, self.module.kfp_aliases)

    def line_of(self, name: str) -> int:
        """Return the first line that reads a name."""
        lines = [
            node.lineno
            for part in self.parts
            for node in ast.walk(part)
            if isinstance(node, ast.Name) and node.id == name
        ]
        return min(lines, default=self.node.lineno)
