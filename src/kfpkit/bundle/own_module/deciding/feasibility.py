"""Determines whether a statement, and everything that it names, can run in the container."""

from __future__ import annotations

import ast
from collections.abc import Container
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kfpkit.bundle.availability import Obstacle
from kfpkit.bundle.own_module.author_side import find_need
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.reading import ALWAYS_THERE, KFP_PREAMBLE, ImportNode, bound_name, split_import


@dataclass(frozen=True, kw_only=True)
class Feasibility:
    """Finds out why statements cannot run.

    Args:
        module: The component's module.
        around: The module's surroundings.
    """

    module: OwnModule
    around: Surroundings

    def obstacle(
        self,
        index: int,
        kept: Container[int],
        needed: AbstractSet[str],
        *,
        of_author: bool = False,
    ) -> Obstacle | None:
        """Return why a statement, or something that it names, cannot run. None if it can.

        Args:
            index: The statement.
            kept: The statements that ship regardless.
            needed: The names that are reached regardless.
            of_author: Whether needs of the author's machine count.
        """
        seen: set[tuple[int, str]] = set()
        queue = [(index, "")]
        while queue:
            position, name = queue.pop()
            statement = self.module.statements[position]
            imports = isinstance(statement.node, ImportNode)
            key = (position, name if imports else "")
            if key in seen or (name and position in kept):
                continue
            seen.add(key)
            found = self._obstacle_at(statement, name, needed)
            if found is None and of_author and not imports:
                found = _make_author_obstacle(find_need(statement.parts))
            if found is not None:
                return found
            for each in sorted(statement.names.read - needed) if not imports else ():
                queue += [(binder, each) for binder in self.module.binders.get(each, ())]
        return None

    def _obstacle_at(
        self, statement: Statement, name: str, needed: AbstractSet[str]
    ) -> Obstacle | None:
        if isinstance(statement.node, ImportNode):
            return self.obstacle_of_import(statement.node, name)
        for use in statement.uses:
            if not use.in_function:
                return _make_compiling_obstacle(use.name)
        for each in statement.imports:
            found = self.around.availability.obstacle(each, self.around.module)
            if found is not None and not each.optional:
                return found
        for read in sorted(statement.names.read - needed):
            if read in self.module.compile_time_names:
                return _make_compiling_obstacle(read)
            if not self._is_given(read):
                return Obstacle(reason=f"nothing gives `{read}`")
        return None

    def _is_given(self, name: str) -> bool:
        known = name in self.module.binders or name in ALWAYS_THERE or bool(self.module.stars)
        return known or name in self.around.supplied or name in KFP_PREAMBLE

    def obstacle_of_import(
        self, node: ImportNode, name: str = "", *, of_author: bool = False
    ) -> Obstacle | None:
        """Return why an import, or the part of it that binds a name, cannot run."""
        for alias in node.names:
            if name and bound_name(alias) != name:
                continue
            part: ImportNode = ast.Import(names=[alias])
            if isinstance(node, ast.ImportFrom):
                part = ast.ImportFrom(module=node.module, names=[alias], level=node.level)
            for each in split_import(ast.copy_location(part, node)):
                found = self.around.availability.obstacle(each, self.around.module)
                if found is None and of_author:
                    found = _make_author_obstacle(self.around.needs_of_import(each))
                if found is not None:
                    return found
        return None


def _make_author_obstacle(need: str | None) -> Obstacle | None:
    return Obstacle(reason=f"it needs {need}") if need else None


def _make_compiling_obstacle(name: str) -> Obstacle:
    reason = f"`{name}` exists only where pipelines are compiled"
    return Obstacle(reason=reason, compiling=True)
