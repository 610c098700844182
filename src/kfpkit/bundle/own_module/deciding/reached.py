"""What a component's function reaches in its own module."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from kfpkit.bundle.effects import read_imported_names
from kfpkit.bundle.modules import Module
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import ImportNode


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What is reached so far; it only grows.

    Args:
        kept: Top-level statements by their index.
        needed: The names that are reached.
        waiting: Names that are still to be looked up, each with the statement that reads it.
        supplies: Import statements that are put in front.
        local: Functions that are taken out of what is around them.
        local_imports: Imports of functions around, by place, with the names that are needed.
        taken_out: Functions by the index of the block that they were taken out of.
        hidden: Lines that read names of the module which only running code knows.
    """

    kept: dict[int, Statement] = field(default_factory=dict, init=False)
    needed: set[str] = field(default_factory=set, init=False)
    waiting: list[tuple[str, Statement | None]] = field(default_factory=list, init=False)
    supplies: set[str] = field(default_factory=set, init=False)
    local: list[Statement] = field(default_factory=list, init=False)
    local_imports: dict[tuple[int, int], tuple[ast.stmt, set[str]]] = field(
        default_factory=dict, init=False
    )
    taken_out: dict[int, list[Root]] = field(default_factory=dict, init=False)
    hidden: set[int] = field(default_factory=set, init=False)

    def list_imported(self, module: Module) -> frozenset[str]:
        """Return the modules that kept statements of a module import, dotted."""
        found = set()
        for statement in [*self.kept.values(), *self.local]:
            if not isinstance(statement.node, ImportNode):
                found |= {each.module for each in statement.imports if not each.level}
                continue
            for name, dotted in read_imported_names(
                statement.node, module.name, is_package=module.is_package
            ):
                if name in self.needed:
                    found.add(dotted)
        return frozenset(found)
