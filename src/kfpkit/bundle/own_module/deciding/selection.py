"""Selects the statements of a component's own module that ship.

The names in the function are *reached*, and so are the names in the statements that bind them.
Every statement that binds a reached name is kept. Of the others, kfpkit keeps those that may change
something reached (`effects`, `writers`) and those that set state of the process (`process_state`).
The names in them become reached, and so on until nothing is added. If such a statement cannot run
in the environment (`availability`), it is left out, and the author gets a warning. All other
statements are inert: leaving them out changes nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kfpkit.bundle.own_module.deciding.decisions import Decision, Verdict
from kfpkit.bundle.own_module.deciding.reached import Reached
from kfpkit.bundle.own_module.deciding.reaching import Reaching
from kfpkit.bundle.own_module.deciding.side_effects import Effects, keep_effects
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import ImportNode, is_main_guard
from kfpkit.wording import quote_all


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The statements of a module that ship.

    Args:
        kept: Top-level statements by index.
        local: Functions that are taken out of their enclosing functions.
        local_imports: Imports of the enclosing functions, with the needed names.
        needed: The names that are reached.
        paths: The dotted names of modules with an import that has a relevant effect.
        supplies: Import statements to add at the top.
        decisions: The decision about each top-level statement.
        hidden: Lines that read names of the module that are known only at run time.
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
    """Select the part of a module that ships.

    Args:
        module: The module.
        roots: The functions of the component and its additional functions.
        component: The component's name in messages.
        surroundings: The module's surroundings.
        names: Names that other modules import from it.

    Raises:
        UndefinedNameError: Nothing binds a needed name.
    """
    reached = Reached()
    reaching = Reaching(module=module, component=component, around=surroundings, reached=reached)
    reaching.add(tuple(roots), names)
    effects = keep_effects(reaching)
    return Selection(
        kept=dict(sorted(reached.kept.items())),
        local=tuple(reached.local),
        local_imports=tuple(
            (node, frozenset(names)) for node, names in reached.local_imports.values()
        ),
        needed=frozenset(reached.needed),
        paths=frozenset(effects.paths),
        supplies=frozenset(reached.supplies),
        decisions=tuple(_decide(reaching, effects)),
        hidden=tuple(sorted(reached.hidden)) if _leaves_names_out(reaching) else (),
    )


def _leaves_names_out(reaching: Reaching) -> bool:
    """Whether any name is left out that a container could have."""
    module = reaching.module
    return any(
        statement.bound - module.compile_time_names - module.components
        for index, statement in enumerate(module.statements)
        if index not in reaching.reached.kept and not isinstance(statement.node, ImportNode)
    )


def _decide(reaching: Reaching, effects: Effects) -> Iterator[Decision]:
    """Yield the decision about each statement."""
    for index, statement in enumerate(reaching.module.statements):
        if index in effects.told:
            verdict, reason = Verdict.TOLD, effects.told[index]
        elif index in reaching.reached.kept:
            verdict, reason = Verdict.KEPT, effects.reasons.get(index, "is reached")
        else:
            reason = _explain_inert(statement, reaching.module, reaching.component)
            verdict = Verdict.INERT
        yield Decision(
            file=reaching.module.file,
            line=statement.first,
            end=statement.last,
            words=statement.words,
            verdict=verdict,
            reason=reason,
        )


def _explain_inert(statement: Statement, module: OwnModule, component: str) -> str:
    if is_main_guard(statement.node) or module.is_compile_time(statement.node):
        return "it is needed only for compiling"
    if statement.bound and statement.bound <= module.compile_time_names:
        return "it is needed only for compiling"
    if statement.bound:
        names = quote_all(sorted(statement.bound)[:3])
        return f"`{component}` does not reach {names}"
    return f"it changes nothing that `{component}` reaches"
