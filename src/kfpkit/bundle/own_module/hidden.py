"""Finds names that a module's code reads without naming them: `globals()["LIMIT"]`, `eval(text)`.

A name that is in the source counts as read. If the name is known only at run time, the source
doesn't show which names of the module must ship, and the author gets a warning.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from kfpkit.bundle.effects import read_imported_names
from kfpkit.bundle.modules import Module
from kfpkit.bundle.reading import ImportNode, read_chain

_WORDS = ("globals", "vars", "eval", "exec", "modules", "import_module", "__import__")
_EVALUATING = frozenset({"eval", "exec"})
_IMPORTING = frozenset({"__import__", "import_module", "importlib.import_module"})
_READING_METHODS = frozenset({"get", "pop", "setdefault"})
_WRITING_METHODS = frozenset({"update", "clear"})


@dataclass(kw_only=True)
class HiddenNames:
    """The names that code reads from its module without naming them.

    Args:
        names: The names that are in the source as strings or attributes.
        lines: The lines with names that are known only at run time.
        through_module: Whether the code reads from the module object, so that `__getattr__` may
            answer.
    """

    names: set[str] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    through_module: bool = False


def find_hidden_names(
    nodes: list[ast.stmt], text: str, module: Module, imports: Mapping[str, str]
) -> HiddenNames:
    """Find the names that code reads from its own module without naming them.

    Args:
        nodes: The code.
        text: The source of the code.
        module: The module.
        imports: The names that the module's own import statements bind.
    """
    stem = module.name.rpartition(".")[2]
    if not any(word in text for word in (*_WORDS, stem)):
        return HiddenNames()
    return _Reader(module=module, imports=dict(imports)).read(nodes)


@dataclass(kw_only=True)
class _Reader:
    module: Module
    imports: dict[str, str]
    _found: HiddenNames = field(default_factory=HiddenNames)
    _used: set[int] = field(default_factory=set)

    def read(self, nodes: list[ast.stmt]) -> HiddenNames:
        inside = [node for top in nodes for node in ast.walk(top)]
        for node in inside:
            if isinstance(node, ImportNode):
                package = self.module.is_package
                self.imports |= dict(
                    read_imported_names(node, self.module.name, is_package=package)
                )
        for node in inside:
            self._use(node)
        for node in inside:
            if id(node) not in self._used and (self._is_namespace(node) or self._is_module(node)):
                self._found.lines.add(getattr(node, "lineno", 0))
        return self._found

    def _use(self, node: ast.AST) -> None:
        """Record what one expression reads, and which parts of it are accounted for."""
        if isinstance(node, ast.Attribute) and self._is_module(node.value):
            self._found.through_module = True
            self._used.add(id(node.value))
            if node.attr != "__dict__":
                self._found.names.add(node.attr)
        elif isinstance(node, ast.Subscript) and self._is_namespace(node.value):
            self._used.add(id(node.value))
            if isinstance(node.ctx, ast.Load):
                self._take(node.slice, node.lineno)
        elif isinstance(node, ast.Call):
            self._use_call(node)

    def _use_call(self, node: ast.Call) -> None:
        called = read_chain(node.func) or ""
        first = node.args[0] if node.args else None
        if called in {"getattr", "hasattr"} and first is not None and self._is_module(first):
            self._found.through_module = True
            self._used.add(id(first))
            self._take(node.args[1] if len(node.args) > 1 else None, node.lineno)
        elif called == "vars" and first is not None and self._is_module(first):
            self._used.add(id(first))
        elif called in _EVALUATING and first is not None:
            self._evaluate(node, first)
        elif isinstance(node.func, ast.Attribute) and self._is_namespace(node.func.value):
            if node.func.attr in _READING_METHODS | _WRITING_METHODS:
                self._used.add(id(node.func.value))
            if node.func.attr in _READING_METHODS:
                self._take(first, node.lineno)

    def _evaluate(self, node: ast.Call, code: ast.expr) -> None:
        """Handle `eval` and `exec`, which read the module's names unless they get others."""
        names = [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "globals")]
        if names and not self._is_namespace(names[0]):
            return
        self._used |= {id(each) for each in names}
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            try:
                tree = ast.parse(code.value.strip())
            except SyntaxError:
                return
            self._found.names |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        else:
            self._found.lines.add(node.lineno)

    def _take(self, key: ast.expr | None, line: int) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            self._found.names.add(key.value)
        else:
            self._found.lines.add(line)

    def _is_namespace(self, node: ast.AST) -> bool:
        """Whether an expression is the dictionary of the module's names."""
        if isinstance(node, ast.Attribute) and node.attr == "__dict__":
            return self._is_module(node.value)
        if not isinstance(node, ast.Call):
            return False
        if read_chain(node.func) == "vars" and len(node.args) == 1:
            return self._is_module(node.args[0])
        return read_chain(node.func) == "globals" and not node.args

    def _is_module(self, node: ast.AST) -> bool:
        """Whether an expression is the module itself."""
        if isinstance(node, ast.Subscript):
            path = self._dotted(node.value)
            return path == "sys.modules" and self._is_own_name(node.slice)
        if isinstance(node, ast.Call):
            called = self._dotted(node.func)
            return called in _IMPORTING and bool(node.args) and self._is_own_name(node.args[0])
        return self._dotted(node) == self.module.name

    def _dotted(self, node: ast.AST) -> str | None:
        name = read_chain(node) if isinstance(node, ast.Attribute | ast.Name) else None
        root, _, rest = (name or "").partition(".")
        if root not in self.imports:
            return root if root == "__import__" else None
        return f"{self.imports[root]}.{rest}" if rest else self.imports[root]

    def _is_own_name(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return node.value == self.module.name
        return isinstance(node, ast.Name) and node.id == "__name__"


def explain_hidden_names(words: str) -> str:
    """Return the notice about a line that reads names that are known only at run time."""
    return (
        f"`{words}` may read names of this module that do not appear in the component, and such "
        "names do not ship. Read them explicitly, for example from a dictionary, or move them to "
        "a separate module and import it."
    )
