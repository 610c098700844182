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
from kfpkit.bundle.branches import is_main_guard
from kfpkit.bundle.compile_time import compile_time_aliases
from kfpkit.bundle.effects import imported
from kfpkit.bundle.given import ALWAYS_THERE, KFP_PREAMBLE
from kfpkit.bundle.own_module.decisions import Decision, Verdict
from kfpkit.bundle.own_module.feasibility import Feasibility
from kfpkit.bundle.own_module.hidden import hidden_names
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.nesting import arguments_of, imports_around, variable_owner
from kfpkit.bundle.own_module.relevance import Relevance
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.own_module.surroundings import Surroundings
from kfpkit.bundle.syntax import FunctionNode, ImportNode, bound_name, is_future
from kfpkit.errors import CompileTimeImportError, Place, UndefinedNameError


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
    selector = _Selector(module=module, component=component, around=surroundings)
    selector.reach(tuple(roots), names)
    while selector.keep_effects():
        pass
    return selector.result()


@dataclass(kw_only=True)
class _Selector:
    """The fixed point: what is kept and reached only grows."""

    module: OwnModule
    component: str
    around: Surroundings
    _kept: dict[int, Statement] = field(default_factory=dict)
    _reasons: dict[int, str] = field(default_factory=dict)
    _needed: set[str] = field(default_factory=set)
    _queue: list[tuple[str, Statement | None]] = field(default_factory=list)
    _supplies: set[str] = field(default_factory=set)
    _local: list[Statement] = field(default_factory=list)
    _taken_out: dict[int, list[Root]] = field(default_factory=dict)
    _local_imports: dict[tuple[int, int], tuple[ast.stmt, set[str]]] = field(default_factory=dict)
    _told: dict[int, str] = field(default_factory=dict)
    _hidden: set[int] = field(default_factory=set)
    _paths: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take what judges statements."""
        self._relevance = Relevance(module=self.module, around=self.around)
        self._feasibility = Feasibility(module=self.module, around=self.around)

    # What the function names.

    def reach(self, roots: tuple[Root, ...], names: Iterable[str]) -> None:
        """Keep functions, names, and all that they name."""
        self._needed |= {root.node.name for root in roots}
        for root in roots:
            self._add_root(root)
        for name in sorted(names):
            self._queue.append((name, None))
        self._drain()

    def _drain(self) -> None:
        while self._queue:
            name, reader = self._queue.pop()
            self._need(name, reader)

    def _add_root(self, root: Root) -> None:
        statement = self.module.statement_of(root.node)
        if not root.enclosing:
            index = self.module.index_around(root.node)
            around = self.module.statements[index]
            needs = (statement.names.read | statement.names.mentioned) - {root.node.name}
            if around.node is root.node or needs & around.bound:
                self._keep(index)
                return
            # A block (`if`, `with`, `if __name__ == "__main__"`) that gives the function nothing
            # stays behind: what else it does belongs to the author's machine.
            self._taken_out.setdefault(index, []).append(root)
        self._local.append(statement)
        self._read(statement, local=root)

    def _keep(self, index: int) -> None:
        if index in self._kept:
            return
        for root in self._taken_out.pop(index, ()):
            self._local.remove(self.module.statement_of(root.node))
        statement = self.module.statements[index]
        self._kept[index] = statement
        if isinstance(statement.node, FunctionNode | ast.ClassDef):
            self._queue.append((statement.node.name, statement))
        if not isinstance(statement.node, ImportNode):
            self._read(statement)

    def _read(self, statement: Statement, local: Root | None = None) -> None:
        names = statement.names
        own = {getattr(statement.node, "name", "")} if local else set()
        for name in sorted(names.read - own):
            if local is None or not self._find_local(name, statement, local):
                self._queue.append((name, statement))
        for name in sorted(names.mentioned):
            if local is not None and name in imports_around(local):
                self._find_local(name, statement, local)
            elif name in self.module.binders or self._stars_giving(name):
                self._queue.append((name, statement))
        self._read_hidden(statement)

    def _read_hidden(self, statement: Statement) -> None:
        """Take the names that code reads of its module without naming them."""
        text = "\n".join(statement.lines.values())
        known = self.around.definitions.imports
        imports = {name: dotted[-1] for name, dotted in known.items()}
        found = hidden_names(statement.parts, text, self.around.module, imports)
        if found.through_module:
            found.names.add("__getattr__")
        for name in sorted(found.names & self.module.binders.keys()):
            self._queue.append((name, statement))
        self._hidden |= found.lines

    def _find_local(self, name: str, statement: Statement, root: Root) -> bool:
        """Take a name from the functions around; their variables do not exist when it runs."""
        imports = imports_around(root)
        if name in imports:
            node = imports[name]
            place = (node.lineno, node.col_offset)
            self._local_imports.setdefault(place, (node, set()))[1].add(name)
            return True
        owner = variable_owner(name, root)
        if owner is not None and name not in self._needed:
            raise UndefinedNameError(
                name=name,
                place=Place(self.module.file, statement.line_of(name)),
                component=self.component,
                local_to=owner.name,
                is_argument=name in arguments_of(owner),
            )
        return owner is not None

    def _need(self, name: str, reader: Statement | None) -> None:
        if name in self._needed:
            return
        self._needed.add(name)
        positions = self.module.binders.get(name, ())
        for index in positions:
            self._keep(index)
        # The last binding wins, and a star may be it; a star hides a builtin too.
        stars = self._stars_giving(name)
        for index in stars:
            self._keep(index)
        if positions or stars or self._supply(name) or reader is None:
            return
        if name == "__doc__":
            self._keep(0)
        elif name in self.module.compile_time_names:
            raise CompileTimeImportError(
                used=self.module.kfp_aliases.get(name, name),
                place=Place(self.module.file, reader.line_of(name)),
                chain=(f"{self.around.module.name}:{self.component}",),
            )
        elif name not in ALWAYS_THERE:
            raise UndefinedNameError(
                name=name,
                place=Place(self.module.file, reader.line_of(name)),
                component=self.component,
            )

    def _stars_giving(self, name: str) -> list[int]:
        known = self.around.stars
        return [
            index
            for index, nodes in self.module.stars.items()
            if any(name in (known.get(node.lineno) or ()) for node in nodes)
        ]

    def _supply(self, name: str) -> bool:
        """Take a name from an additional function, or as KFP gives it."""
        if name in ALWAYS_THERE:
            return name != "__doc__"
        supplied = self.around.supplied.get(name) or KFP_PREAMBLE.get(name)
        if supplied:
            self._supplies.add(supplied)
            return True
        return self._keep_open()

    def _keep_open(self) -> bool:
        """Keep what may bind names that cannot be seen: stars from elsewhere, `globals()`."""
        unseen = [
            index
            for index, statement in enumerate(self.module.statements)
            if self._is_unknown_star(index)
            or (
                not isinstance(statement.node, FunctionNode | ast.ClassDef)
                and "globals" in statement.chains
            )
        ]
        for index in unseen:
            self._keep(index)
        return bool(unseen)

    def _is_unknown_star(self, index: int) -> bool:
        nodes = self.module.stars.get(index, ())
        return any(self.around.stars.get(node.lineno) is None for node in nodes)

    # What may change something reached.

    def keep_effects(self) -> bool:
        """Keep the statements that may change something reached; say whether there were any."""
        self._told.clear()
        before = self._size
        for index, statement in enumerate(self.module.statements):
            if isinstance(statement.node, ImportNode):
                self._keep_import(index, statement.node)
            elif index not in self._kept and statement.acts:
                self._keep_effect(index, statement)
        self._drain()
        return before != self._size

    @property
    def _size(self) -> tuple[int, ...]:
        return len(self._kept), len(self._needed), len(self._paths)

    def _keep_effect(self, index: int, statement: Statement) -> None:
        reason = self._relevance.reason(statement, self._needed, self._imported)
        if reason is not None:
            obstacle = self._feasibility.obstacle(
                index, self._kept, self._needed, of_author=reason.around
            )
            self._keep_or_tell(index, reason.text, obstacle)
            return
        library = self._relevance.library_called(statement)
        # A block around the function that gives it nothing belongs to the author's machine.
        if library and index not in self._taken_out:
            self._told[index] = f"it acts on `{library}`, which `{self.component}` does not use"

    def _keep_import(self, index: int, node: ImportNode) -> None:
        if is_future(node) or (index in self.module.stars and index in self._kept):
            return
        dropped = compile_time_aliases(node, self.module.kfp_aliases)
        imported = self._imported
        for alias in node.names:
            name = bound_name(alias)
            # Importing `a.b` does something that importing `a` does not.
            path = alias.name if isinstance(node, ast.Import) and not alias.asname else name
            if path in self._needed | self._paths or name in dropped:
                continue
            reason = self._relevance.reason_of_import(node, alias, self._needed, imported)
            if reason is None:
                continue
            obstacle = self._feasibility.obstacle_of_import(node, name, of_author=reason.around)
            if obstacle is None:
                self._needed.add(name)
                self._paths.add(path)
            if obstacle is None or not obstacle.compiling:
                self._keep_or_tell(index, reason.text, obstacle)

    def _keep_or_tell(self, index: int, reason: str, obstacle: Obstacle | None) -> None:
        if obstacle is None:
            self._reasons.setdefault(index, reason)
            self._keep(index)
        else:
            self._told[index] = f"it {reason}, but {obstacle.reason}"

    @property
    def _imported(self) -> frozenset[str]:
        """The modules that kept statements import, dotted."""
        found = set()
        module = self.around.module
        for statement in [*self._kept.values(), *self._local]:
            if not isinstance(statement.node, ImportNode):
                found |= {each.module for each in statement.imports if not each.level}
                continue
            for name, dotted in imported(statement.node, module.name, is_package=module.is_package):
                if name in self._needed:
                    found.add(dotted)
        return frozenset(found)

    # What comes out.

    def result(self) -> Selection:
        """Return what was selected."""
        decisions = tuple(
            self._decide(index, statement) for index, statement in enumerate(self.module.statements)
        )
        return Selection(
            kept=dict(sorted(self._kept.items())),
            local=tuple(self._local),
            local_imports=tuple(
                (node, frozenset(names)) for node, names in self._local_imports.values()
            ),
            needed=frozenset(self._needed),
            paths=frozenset(self._paths),
            supplies=frozenset(self._supplies),
            decisions=decisions,
            hidden=tuple(sorted(self._hidden)) if self._leaves_names_out() else (),
        )

    def _leaves_names_out(self) -> bool:
        """Whether any name is left out that a container could have."""
        return any(
            statement.bound - self.module.compile_time_names - self.module.components
            for index, statement in enumerate(self.module.statements)
            if index not in self._kept and not isinstance(statement.node, ImportNode)
        )

    def _decide(self, index: int, statement: Statement) -> Decision:
        if index in self._told:
            verdict, reason = Verdict.TOLD, self._told[index]
        elif index in self._kept:
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
            names = ", ".join(f"`{name}`" for name in sorted(statement.bound)[:3])
            return f"`{self.component}` does not reach {names}"
        return f"it changes nothing that `{self.component}` reaches"
