"""Follows a component's function to everything that it reaches in its own module.

All statements that bind a reached name are kept, in any block, and so are star imports that may
bind it. The names in these statements are reached in turn.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from kfpkit.bundle.own_module.deciding.reached import Reached
from kfpkit.bundle.own_module.deciding.surroundings import Surroundings
from kfpkit.bundle.own_module.hidden import find_hidden_names
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.nesting import arguments_of, find_variable_owner, read_imports_around
from kfpkit.bundle.own_module.statements import Root, Statement
from kfpkit.bundle.reading import ALWAYS_THERE, KFP_PREAMBLE, FunctionNode, ImportNode
from kfpkit.errors import CompileTimeImportError, UndefinedNameError
from kfpkit.place import Place


@dataclass(frozen=True, kw_only=True)
class Reaching:
    """Follows functions and names to the names in them.

    Args:
        module: The component's module.
        component: The component's name in messages.
        around: The module's surroundings.
        reached: Receives the results.
    """

    module: OwnModule
    component: str
    around: Surroundings
    reached: Reached

    def add(self, roots: tuple[Root, ...], names: Iterable[str]) -> None:
        """Keep functions, names, and all names in them."""
        self.reached.needed.update(root.node.name for root in roots)
        for root in roots:
            self._add_root(root)
        for name in sorted(names):
            self.reached.waiting.append((name, None))
        self.follow()

    def follow(self) -> None:
        """Follow the names in kept statements until none is left."""
        while self.reached.waiting:
            name, reader = self.reached.waiting.pop()
            self._need(name, reader)

    def _add_root(self, root: Root) -> None:
        statement = self.module.statement_of(root.node)
        if not root.enclosing:
            index = self.module.index_around(root.node)
            around = self.module.statements[index]
            needs = (statement.names.read | statement.names.mentioned) - {root.node.name}
            if around.node is root.node or needs & around.bound:
                self.keep(index)
                return
            # A block (`if`, `with`, `if __name__ == "__main__"`) that gives the function nothing
            # stays behind: what else it does belongs to the author's machine.
            self.reached.taken_out.setdefault(index, []).append(root)
        self.reached.local.append(statement)
        self._read(statement, local=root)

    def keep(self, index: int) -> None:
        """Keep a statement. `follow` handles the names in it."""
        if index in self.reached.kept:
            return
        for root in self.reached.taken_out.pop(index, ()):
            self.reached.local.remove(self.module.statement_of(root.node))
        statement = self.module.statements[index]
        self.reached.kept[index] = statement
        if isinstance(statement.node, FunctionNode | ast.ClassDef):
            self.reached.waiting.append((statement.node.name, statement))
        if not isinstance(statement.node, ImportNode):
            self._read(statement)

    def _read(self, statement: Statement, local: Root | None = None) -> None:
        names = statement.names
        own = {getattr(statement.node, "name", "")} if local else set()
        for name in sorted(names.read - own):
            if local is None or not self._find_local(name, statement, local):
                self.reached.waiting.append((name, statement))
        for name in sorted(names.mentioned):
            if local is not None and name in read_imports_around(local):
                self._find_local(name, statement, local)
            elif name in self.module.binders or self._stars_giving(name):
                self.reached.waiting.append((name, statement))
        self._read_hidden(statement)

    def _read_hidden(self, statement: Statement) -> None:
        """Add the names that code reads from its module without naming them."""
        text = "\n".join(statement.lines.values())
        known = self.around.definitions.imports
        imports = {name: dotted[-1] for name, dotted in known.items()}
        found = find_hidden_names(statement.parts, text, self.around.module, imports)
        if found.through_module:
            found.names.add("__getattr__")
        for name in sorted(found.names & self.module.binders.keys()):
            self.reached.waiting.append((name, statement))
        self.reached.hidden.update(found.lines)

    def _find_local(self, name: str, statement: Statement, root: Root) -> bool:
        """Take a name from the enclosing functions. Their variables don't exist at run time."""
        imports = read_imports_around(root)
        if name in imports:
            node = imports[name]
            place = (node.lineno, node.col_offset)
            self.reached.local_imports.setdefault(place, (node, set()))[1].add(name)
            return True
        owner = find_variable_owner(name, root)
        if owner is not None and name not in self.reached.needed:
            raise UndefinedNameError(
                name=name,
                place=Place(self.module.file, statement.line_of(name)),
                component=self.component,
                local_to=owner.name,
                is_argument=name in arguments_of(owner),
            )
        return owner is not None

    def _need(self, name: str, reader: Statement | None) -> None:
        if name in self.reached.needed:
            return
        self.reached.needed.add(name)
        positions = self.module.binders.get(name, ())
        for index in positions:
            self.keep(index)
        # The last binding wins, and a star may be it; a star hides a builtin too.
        stars = self._stars_giving(name)
        for index in stars:
            self.keep(index)
        if positions or stars or self._supply(name) or reader is None:
            return
        if name == "__doc__":
            self.keep(0)
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
        """Take a name from an additional function, or as KFP provides it."""
        if name in ALWAYS_THERE:
            return name != "__doc__"
        supplied = self.around.supplied.get(name) or KFP_PREAMBLE.get(name)
        if supplied:
            self.reached.supplies.add(supplied)
            return True
        return self._keep_open()

    def _keep_open(self) -> bool:
        """Keep statements that may bind unknown names: star imports, `globals()`."""
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
            self.keep(index)
        return bool(unseen)

    def _is_unknown_star(self, index: int) -> bool:
        nodes = self.module.stars.get(index, ())
        return any(self.around.stars.get(node.lineno) is None for node in nodes)
