"""Which statements of a component's own module ship: inert, kept, or told.

What the function names is *reached*, and what that names in turn. Every statement that gives a
reached name is kept. Of the others, those that may change something reached are kept as well
(`effects`, `writers`), and those that set state of the process (`process_state`); what they name
becomes reached, and so on until nothing is added. Where such a statement cannot run in the
environment (`availability`), it is left out and the author is told. All the rest is inert: leaving
it out changes nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kfpkit.bundle.availability import Obstacle
from kfpkit.bundle.own_module.deciding.decisions import Decision, Verdict
from kfpkit.bundle.own_module.deciding.feasibility import Feasibility
from kfpkit.bundle.own_module.deciding.reached import Reached
from kfpkit.bundle.own_module.deciding.relevance import Relevance
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import (
    ImportNode,
    bound_name,
    is_future,
    is_main_guard,
    list_compile_time_aliases,
)
from kfpkit.wording import quote_all


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The statements of a module that ship.

    Args:
        kept: Top-level statements by their index.
        local: Functions that are taken out of what is around them.
        local_imports: Imports of functions around, with the names that are needed of them.
        needed: The names that are reached.
        paths: Modules whose import has an effect that matters, dotted.
        supplies: Import statements that are put in front.
        decisions: What became of each top-level statement.
        hidden: Lines that read names of the module which only running code knows.
    """

    kept: Mapping[int, Statement]
    local: tuple[Statement, ...]
    local_imports: tuple[tuple[ast.stmt, frozenset[str]], ...]
    needed: frozenset[str]
    paths: frozenset[str]
    supplies: frozenset[str]
    decisions: tuple[Decision, ...]
    hidden: tuple[int, ...]


def select(
    module: OwnModule,
    roots: Iterable[Root],
    *,
    component: str,
    surroundings: Surroundings,
    names: Iterable[str] = (),
) -> Selection:
    """Select what ships of a module.

    Args:
        module: The module.
        roots: The functions that the component and its additional functions are.
        component: What messages call the component.
        surroundings: What else decides.
        names: Names that other modules import from it.

    Raises:
        UndefinedNameError: A name that nothing gives.
    """
    reached = Reached(module=module, component=component, around=surroundings)
    reached.add(tuple(roots), names)
    selector = _Selector(reached=reached)
    while selector.keep_effects():
        pass
    return selector.result()


@dataclass(kw_only=True)
class _Selector:
    """Keeps what may change something reached, until nothing is added."""

    reached: Reached
    _reasons: dict[int, str] = field(default_factory=dict)
    _told: dict[int, str] = field(default_factory=dict)
    _paths: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take what judges statements."""
        self.module, self.around = self.reached.module, self.reached.around
        self._relevance = Relevance(module=self.module, around=self.around)
        self._feasibility = Feasibility(module=self.module, around=self.around)

    def keep_effects(self) -> bool:
        """Keep the statements that may change something reached; say whether there were any."""
        self._told.clear()
        before = self._size
        for index, statement in enumerate(self.module.statements):
            if isinstance(statement.node, ImportNode):
                self._keep_import(index, statement.node)
            elif index not in self.reached.kept and statement.acts:
                self._keep_effect(index, statement)
        self.reached.follow()
        return before != self._size

    @property
    def _size(self) -> tuple[int, ...]:
        return len(self.reached.kept), len(self.reached.needed), len(self._paths)

    def _keep_effect(self, index: int, statement: Statement) -> None:
        reason = self._relevance.reason(statement, self.reached.needed, self.reached.imported)
        if reason is not None:
            obstacle = self._feasibility.obstacle(
                index, self.reached.kept, self.reached.needed, of_author=reason.around
            )
            self._keep_or_tell(index, reason.text, obstacle)
            return
        library = self._relevance.library_called(statement)
        # A block around the function that gives it nothing belongs to the author's machine.
        if library and index not in self.reached.taken_out:
            self._told[index] = (
                f"it acts on `{library}`, which `{self.reached.component}` does not use"
            )

    def _keep_import(self, index: int, node: ImportNode) -> None:
        if is_future(node) or (index in self.module.stars and index in self.reached.kept):
            return
        dropped = list_compile_time_aliases(node, self.module.kfp_aliases)
        imported = self.reached.imported
        for alias in node.names:
            name = bound_name(alias)
            # Importing `a.b` does something that importing `a` does not.
            path = alias.name if isinstance(node, ast.Import) and not alias.asname else name
            if path in self.reached.needed | self._paths or name in dropped:
                continue
            reason = self._relevance.reason_of_import(node, alias, self.reached.needed, imported)
            if reason is None:
                continue
            obstacle = self._feasibility.obstacle_of_import(node, name, of_author=reason.around)
            if obstacle is None:
                self.reached.needed.add(name)
                self._paths.add(path)
            if obstacle is None or not obstacle.compiling:
                self._keep_or_tell(index, reason.text, obstacle)

    def _keep_or_tell(self, index: int, reason: str, obstacle: Obstacle | None) -> None:
        if obstacle is None:
            self._reasons.setdefault(index, reason)
            self.reached.keep(index)
        else:
            self._told[index] = f"it {reason}, but {obstacle.reason}"

    def result(self) -> Selection:
        """Return what was selected."""
        decisions = tuple(
            self._decide(index, statement) for index, statement in enumerate(self.module.statements)
        )
        return Selection(
            kept=dict(sorted(self.reached.kept.items())),
            local=tuple(self.reached.local),
            local_imports=tuple(
                (node, frozenset(names)) for node, names in self.reached.local_imports.values()
            ),
            needed=frozenset(self.reached.needed),
            paths=frozenset(self._paths),
            supplies=frozenset(self.reached.supplies),
            decisions=decisions,
            hidden=tuple(sorted(self.reached.hidden)) if self._leaves_names_out() else (),
        )

    def _leaves_names_out(self) -> bool:
        """Whether any name is left out that a container could have."""
        return any(
            statement.bound - self.module.compile_time_names - self.module.components
            for index, statement in enumerate(self.module.statements)
            if index not in self.reached.kept and not isinstance(statement.node, ImportNode)
        )

    def _decide(self, index: int, statement: Statement) -> Decision:
        if index in self._told:
            verdict, reason = Verdict.TOLD, self._told[index]
        elif index in self.reached.kept:
            verdict, reason = Verdict.KEPT, self._reasons.get(index, "is reached")
        else:
            verdict, reason = Verdict.INERT, self._why_inert(statement)
        return Decision(
            file=self.module.file,
            line=statement.first,
            end=statement.last,
            words=statement.words,
            verdict=verdict,
            reason=reason,
        )

    def _why_inert(self, statement: Statement) -> str:
        if is_main_guard(statement.node) or self.module.is_compile_time(statement.node):
            return "only compiling needs it"
        if statement.bound and statement.bound <= self.module.compile_time_names:
            return "only compiling needs it"
        if statement.bound:
            names = quote_all(sorted(statement.bound)[:3])
            return f"`{self.reached.component}` does not reach {names}"
        return f"it changes nothing that `{self.reached.component}` reaches"
