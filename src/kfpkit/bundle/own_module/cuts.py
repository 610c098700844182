"""Cuts lines out of a statement that ships, and keeps all other lines at their place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kfpkit.bundle.reading import (
    FunctionNode,
    bound_name,
    cut_columns,
    list_compile_time_aliases,
    list_running_statements,
)


@dataclass(kw_only=True)
class Cuts:
    """Lines of a module that ship changed, or not at all.

    Args:
        lines: The module's lines.
    """

    lines: Sequence[str]
    _changed: dict[int, str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is cut."""
        return bool(self._changed)

    def drop_line(self, number: int) -> None:
        """Leave out a line."""
        self._changed[number] = None

    def lines_between(self, first: int, last: int) -> dict[int, str]:
        """Return the lines that ship, by number."""
        numbers = range(first, last + 1)
        shipped = {number: self._changed.get(number, self.lines[number - 1]) for number in numbers}
        return {number: line for number, line in shipped.items() if line is not None}

    def cut_blocks(
        self,
        node: ast.stmt,
        is_compile_time: Callable[[ast.stmt], bool],
        aliases: dict[str, str],
    ) -> None:
        """Cut out of a block what only compiling needs. `pass` fills a body that becomes empty.

        Args:
            node: The statement. Only blocks contain anything to cut.
            is_compile_time: Whether a statement is for compiling only.
            aliases: The meaning of names in the module.
        """
        if isinstance(node, FunctionNode | ast.ClassDef):
            return
        runs = list_running_statements(node) if isinstance(node, ast.If) else None
        for body in _bodies(node):
            stays = runs is None or body[0] in runs
            cut = [each for each in body if not stays or is_compile_time(each)]
            for each in body:
                if each in cut:
                    self._cut(each, body)
                else:
                    self._cut_names(each, aliases)
                    self.cut_blocks(each, is_compile_time, aliases)
            if len(cut) == len(body):
                self._fill(body)

    def _cut(self, node: ast.stmt, body: list[ast.stmt]) -> None:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        before = cut_columns(self.lines[node.lineno - 1], 0, node.col_offset)
        last = node.end_lineno or node.lineno
        shared = any(
            each is not node and each.lineno <= last and (each.end_lineno or each.lineno) >= first
            for each in body
        )
        if shared or before.strip():
            return
        for number in range(first, last + 1):
            self._changed[number] = None

    def _fill(self, body: list[ast.stmt]) -> None:
        first = body[0]
        before = cut_columns(self.lines[first.lineno - 1], 0, first.col_offset)
        last = body[-1].end_lineno or first.lineno
        for number in range(first.lineno + 1, last + 1):
            self._changed[number] = None
        self._changed[first.lineno] = f"{before}pass"

    def _cut_names(self, node: ast.stmt, aliases: dict[str, str]) -> None:
        """Cut names that only compiling provides out of an import statement."""
        if not isinstance(node, ast.Import | ast.ImportFrom):
            return
        dropped = list_compile_time_aliases(node, aliases)
        kept = [each for each in node.names if bound_name(each) not in dropped]
        before = cut_columns(self.lines[node.lineno - 1], 0, node.col_offset)
        if not dropped or not kept or before.strip():
            return
        reduced: ast.stmt
        if isinstance(node, ast.Import):
            reduced = ast.Import(names=kept)
        else:
            reduced = ast.ImportFrom(module=node.module, names=kept, level=node.level)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            self._changed[number] = None
        self._changed[node.lineno] = before + ast.unparse(reduced)


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list) and body:
            yield body
    for each in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield each.body
