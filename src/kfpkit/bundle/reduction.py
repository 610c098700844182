"""A component's own module, reduced to what the function reaches.

Kept statements stay at their lines with their text untouched; import statements are written anew
with the names that are needed. The component's decorators go, and so do the component decorators
of other functions that it calls.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kfpkit.bundle.compile_time import Use, imported_uses
from kfpkit.bundle.given import ALWAYS_THERE, KFP_PREAMBLE
from kfpkit.bundle.imports import ImportStatement, import_statements
from kfpkit.bundle.layout import Layout
from kfpkit.bundle.nesting import imports_around, variable_owner
from kfpkit.bundle.statements import OwnModule, Root, Statement
from kfpkit.bundle.syntax import FunctionNode, bound_name
from kfpkit.errors import Place, UndefinedNameError


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """The part of a module that ships.

    Args:
        content: Its source, encoded as the file is.
        imports: What it imports.
        uses: Where it uses what kfp has only where pipelines are compiled.
        lines: The first lines of what is kept.
    """

    content: bytes
    imports: tuple[ImportStatement, ...]
    uses: tuple[Use, ...]
    lines: frozenset[int]


@dataclass(kw_only=True)
class Reducer:
    """Follows names through a module.

    Args:
        module: The module.
        component: What messages call the component.
        supplied: Import statements for names that the module need not define.
        stars: What each first-party star import gives, by its line; None where that is unknown.
    """

    module: OwnModule
    component: str
    supplied: Mapping[str, str] = field(default_factory=dict)
    stars: Mapping[int, frozenset[str] | None] = field(default_factory=dict)
    _kept: dict[int, Statement] = field(default_factory=dict)
    _needed: set[str] = field(default_factory=set)
    _queue: list[tuple[str, Statement | None]] = field(default_factory=list)
    _supplies: set[str] = field(default_factory=set)
    _local: list[Statement] = field(default_factory=list)
    _taken_out: dict[int, list[Root]] = field(default_factory=dict)
    _local_imports: dict[int, tuple[ast.stmt, set[str]]] = field(default_factory=dict)

    def reduce(self, roots: Iterable[Root], names: Iterable[str] = ()) -> Reduction:
        """Reduce the module to functions, and to names that other modules import from it.

        Raises:
            UndefinedNameError: A name that nothing gives.
        """
        given = tuple(roots)
        self._needed |= {root.node.name for root in given}
        for root in given:
            self._add_root(root)
        for name in sorted(names):
            self._queue.append((name, None))
        while self._queue:
            name, reader = self._queue.pop()
            self._need(name, reader)
        return self._write()

    def _add_root(self, root: Root) -> None:
        statement = self.module.plain_statement(root.node, root.node)
        if not root.enclosing:
            index = self.module.index_around(root.node)
            around = self.module.statements[index]
            needs = (statement.names.read | statement.names.mentioned) - {root.node.name}
            if around.node is root.node or needs & around.bound:
                self._keep(index, self.module.plain_statement(root.node, around.node))
                return
            # A block (`if`, `with`, `if __name__ == "__main__"`) that gives the function nothing
            # stays behind: what else it does belongs to the author's machine.
            self._taken_out.setdefault(index, []).append(root)
        self._local.append(statement)
        self._read(statement, local=root)

    def _keep(self, index: int, statement: Statement) -> None:
        if index in self._kept:
            return
        for root in self._taken_out.pop(index, ()):
            self._local.remove(self.module.plain_statement(root.node, root.node))
            statement = self.module.plain_statement(root.node, statement.node)
        self._kept[index] = statement
        if isinstance(statement.node, FunctionNode | ast.ClassDef):
            self._queue.append((statement.node.name, statement))
        if not isinstance(statement.node, ast.Import | ast.ImportFrom):
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
            elif name in self.module.binders:
                self._queue.append((name, statement))

    def _find_local(self, name: str, statement: Statement, root: Root) -> bool:
        """Take a name from the functions around; their variables do not exist when it runs."""
        imports = imports_around(root)
        if name in imports:
            node = imports[name]
            self._local_imports.setdefault(node.lineno, (node, set()))[1].add(name)
            return True
        owner = variable_owner(name, root)
        if owner is not None and name not in self._needed:
            raise UndefinedNameError(
                name=name,
                place=Place(self.module.file, statement.line_of(name)),
                component=self.component,
                local_to=owner,
            )
        return owner is not None

    def _need(self, name: str, reader: Statement | None) -> None:
        if name in self._needed:
            return
        self._needed.add(name)
        module = self.module
        positions = module.binders.get(name, ())
        for index in positions:
            self._keep(index, module.statements[index])
        if not positions and not self._supply(name) and reader is not None:
            if name == "__doc__":
                self._keep(0, module.statements[0])
            elif name not in ALWAYS_THERE:
                raise UndefinedNameError(
                    name=name,
                    place=Place(module.file, reader.line_of(name)),
                    component=self.component,
                )
        if name not in module.components and name not in module.kfp_aliases:
            for index in module.changers.get(name, ()):
                self._keep(index, module.statements[index])

    def _supply(self, name: str) -> bool:
        """Take a name from a star import, from an additional function, or as KFP gives it."""
        module = self.module
        for index in module.stars:
            if name in (self.stars.get(module.statements[index].node.lineno) or ()):
                self._keep(index, module.statements[index])
                return True
        if name in ALWAYS_THERE:
            return name != "__doc__"
        supplied = self.supplied.get(name) or KFP_PREAMBLE.get(name)
        if supplied:
            self._supplies.add(supplied)
            return True
        return self._keep_open()

    def _keep_open(self) -> bool:
        """Keep what may bind names that cannot be seen: stars from elsewhere, `globals()`."""
        module = self.module
        unseen = [
            index
            for index, statement in enumerate(module.statements)
            if (index in module.stars and self.stars.get(statement.node.lineno) is None)
            or (index not in module.stars and _has_star(statement.node))
            or (
                not isinstance(statement.node, FunctionNode | ast.ClassDef)
                and "globals" in statement.chains
            )
        ]
        for index in unseen:
            self._keep(index, module.statements[index])
        return bool(unseen)

    def _write(self) -> Reduction:
        layout = Layout(self.module)
        imports: list[ImportStatement] = []
        uses: list[Use] = []
        dotted = self._dotted()
        for index, statement in enumerate(self.module.statements):
            if _is_future(statement.node):
                layout.place_import(statement.node, ast.unparse(statement.node))
            elif index not in self._kept:
                continue
            elif isinstance(statement.node, ast.Import | ast.ImportFrom):
                imports += self._write_import(layout, statement.node, self._needed, dotted)
            else:
                layout.place(self._kept[index])
        for statement in self._local:
            layout.place_nested(statement)
        for node, names in self._local_imports.values():
            imports += self._write_import(layout, node, names, frozenset(_modules(node)))
        uses += [use for statement in imports for use in imported_uses(statement)]
        for statement in [*self._kept.values(), *self._local]:
            if not isinstance(statement.node, ast.Import | ast.ImportFrom):
                imports += statement.imports
                uses += statement.uses
        layout.supply(sorted(self._supplies))
        imports += [
            found
            for line in sorted(self._supplies)
            for node in ast.parse(line).body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for found in import_statements(node)
        ]
        return Reduction(
            content=layout.content(),
            imports=tuple(imports),
            uses=tuple(uses),
            lines=frozenset(each.first for each in [*self._kept.values(), *self._local]),
        )

    def _dotted(self) -> frozenset[str]:
        """Return the names that `import a.b.c` statements have to import.

        Of several that bind `a`, those count whose whole name is read; if none is, all do.
        """
        kept = [*self._kept.values(), *self._local]
        chains = frozenset().union(*(each.chains for each in kept))
        modules: dict[str, set[str]] = {}
        for each in kept:
            if isinstance(each.node, ast.Import):
                for alias in each.node.names:
                    if not alias.asname:
                        modules.setdefault(bound_name(alias), set()).add(alias.name)
        return frozenset().union(*((names & chains) or names for names in modules.values()))

    def _write_import(
        self, layout: Layout, node: ast.stmt, names: set[str], dotted: frozenset[str]
    ) -> list[ImportStatement]:
        assert isinstance(node, ast.Import | ast.ImportFrom)  # noqa: S101 - narrows the type
        aliases = [
            alias
            for alias in node.names
            if alias.name == "*" or (bound_name(alias) in names and _is_read(alias, dotted, node))
        ]
        if not aliases:
            return []
        reduced: ast.Import | ast.ImportFrom
        if isinstance(node, ast.Import):
            reduced = ast.Import(names=aliases)
        else:
            reduced = ast.ImportFrom(module=node.module, names=aliases, level=node.level)
        layout.place_import(node, ast.unparse(reduced))
        return list(import_statements(ast.copy_location(reduced, node)))


def _has_star(node: ast.stmt) -> bool:
    return any(
        isinstance(each, ast.ImportFrom) and each.names[0].name == "*" for each in ast.walk(node)
    )


def _is_read(alias: ast.alias, dotted: frozenset[str], node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) or bool(alias.asname) or alias.name in dotted


def _modules(node: ast.stmt) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
