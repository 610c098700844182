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
    """Everything reached so far. Entries are only added.

    Args:
        kept: Top-level statements by index.
        needed: The names that are reached.
        waiting: Names that haven't been looked up yet, each with the statement that reads it.
        supplies: Import statements to add at the top.
        local: Functions that are taken out of their enclosing functions.
        local_imports: Imports of the enclosing functions, by place, with the needed names.
        taken_out: Functions by the index of the block that they were taken from.
        hidden: Lines that read names of the module that are known only at run time.
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
        """Return the dotted names of the modules that kept statements import."""
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
