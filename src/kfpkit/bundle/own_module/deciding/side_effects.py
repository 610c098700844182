"""Keeps statements because of what they change, not because of the names that they bind."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from kfpkit.bundle.availability import Obstacle
from kfpkit.bundle.own_module.deciding.feasibility import Feasibility
from kfpkit.bundle.own_module.deciding.reaching import Reaching
from kfpkit.bundle.own_module.deciding.relevance import Relevance
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.reading import ImportNode, bound_name, is_future, list_compile_time_aliases


@dataclass(frozen=True, kw_only=True)
class Effects:
    """The known effects of statements on what is reached.

    Args:
        reasons: The reasons for keeping statements, by index.
        told: The reasons for leaving out statements that may matter, by index.
        paths: The dotted names of modules with an import that has a relevant effect.
    """

    reasons: dict[int, str] = field(default_factory=dict, init=False)
    told: dict[int, str] = field(default_factory=dict, init=False)
    paths: set[str] = field(default_factory=set, init=False)


def keep_effects(reaching: Reaching) -> Effects:
    """Keep the statements that may change something reached, until nothing is added.

    Args:
        reaching: Keeps them, and follows the names in them.
    """
    effects = Effects()
    keeping = _Keeping(
        reaching=reaching,
        effects=effects,
        relevance=Relevance(module=reaching.module, around=reaching.around),
        feasibility=Feasibility(module=reaching.module, around=reaching.around),
    )
    while keeping.keep_more():
        pass
    return effects


@dataclass(frozen=True, kw_only=True)
class _Keeping:
    """Judges the statements of a module one by one."""

    reaching: Reaching
    effects: Effects
    relevance: Relevance
    feasibility: Feasibility

    def keep_more(self) -> bool:
        """Judge all statements with what is reached so far. Return whether any was added."""
        self.effects.told.clear()
        before = self._measure()
        for index, statement in enumerate(self.reaching.module.statements):
            if isinstance(statement.node, ImportNode):
                self._keep_import(index, statement.node)
            elif index not in self.reaching.reached.kept and statement.acts:
                self._keep_effect(index, statement)
        self.reaching.follow()
        return before != self._measure()

    def _measure(self) -> tuple[int, ...]:
        reached = self.reaching.reached
        return len(reached.kept), len(reached.needed), len(self.effects.paths)

    def _keep_effect(self, index: int, statement: Statement) -> None:
        reached = self.reaching.reached
        imported = reached.list_imported(self.reaching.around.module)
        reason = self.relevance.reason(statement, reached.needed, imported)
        if reason is not None:
            obstacle = self.feasibility.obstacle(
                index, reached.kept, reached.needed, of_author=reason.around
            )
            self._keep_or_tell(index, reason.text, obstacle)
            return
        library = self.relevance.library_called(statement)
        # A block around the function that gives it nothing belongs to the author's machine.
        if library and index not in reached.taken_out:
            self.effects.told[index] = (
                f"it acts on `{library}`, which `{self.reaching.component}` does not use"
            )

    def _keep_import(self, index: int, node: ImportNode) -> None:
        module, reached = self.reaching.module, self.reaching.reached
        if is_future(node) or (index in module.stars and index in reached.kept):
            return
        dropped = list_compile_time_aliases(node, module.kfp_aliases)
        imported = reached.list_imported(self.reaching.around.module)
        for alias in node.names:
            name = bound_name(alias)
            # Importing `a.b` does something that importing `a` does not.
            path = alias.name if isinstance(node, ast.Import) and not alias.asname else name
            if path in reached.needed | self.effects.paths or name in dropped:
                continue
            reason = self.relevance.reason_of_import(node, alias, reached.needed, imported)
            if reason is None:
                continue
            obstacle = self.feasibility.obstacle_of_import(node, name, of_author=reason.around)
            if obstacle is None:
                reached.needed.add(name)
                self.effects.paths.add(path)
            if obstacle is None or not obstacle.compiling:
                self._keep_or_tell(index, reason.text, obstacle)

    def _keep_or_tell(self, index: int, reason: str, obstacle: Obstacle | None) -> None:
        if obstacle is None:
            self.effects.reasons.setdefault(index, reason)
            self.reaching.keep(index)
        else:
            self.effects.told[index] = f"it {reason}, but {obstacle.reason}"
