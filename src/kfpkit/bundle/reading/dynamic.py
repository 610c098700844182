"""Reads imports by name: `import_module(…)`, `runpy`, `pkgutil`.

A name that is in the source is an import like any other. If a name is built at run time, its
beginning may be known: `plugins.` in `import_module(f"plugins.{name}")`. Then the package is
imported, and the author is asked for the modules in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kfpkit.bundle.reading.calls import find_argument
from kfpkit.bundle.reading.imports import ImportStatement, find_guarded_nodes
from kfpkit.bundle.reading.paths import PathReader
from kfpkit.bundle.reading.scope import Scope, walk_scoped_expressions
from kfpkit.bundle.reading.syntax import read_chain
from kfpkit.bundle.reading.texts import Text, read_elements, read_texts

_WORDS = (b"import_module", b"__import__", b"runpy", b"pkgutil", b"pydoc")
_BY_NAME = {
    "__import__": "name",
    "builtins.__import__": "name",
    "importlib.__import__": "name",
    "importlib.import_module": "name",
    "import_module": "name",
    "pkgutil.resolve_name": "name",
    "pydoc.locate": "path",
    "runpy.run_module": "mod_name",
}
_LISTING = {"pkgutil.iter_modules": "path", "pkgutil.walk_packages": "path"}
_RUNNING = {"runpy.run_path": "path_name"}
_FUNCTIONS = _BY_NAME | _LISTING | _RUNNING
_OF_OBJECTS = {"pkgutil.resolve_name", "pydoc.locate"}

_BY_DEFAULT = dict.fromkeys(_LISTING, (Text(closed=False),))

Kind = Literal["import", "list", "run"]


@dataclass(frozen=True, kw_only=True)
class DynamicImport:
    """An import with a name that is known only at run time.

    Args:
        line: Its line.
        kind: Whether it imports a module, lists the modules of a package, or runs a file.
        prefix: The beginning of the name. Empty if nothing is known.
        level: The number of leading dots, as in a relative import.
        optional: Whether the code handles its failure.
    """

    line: int
    kind: Kind = "import"
    prefix: str = ""
    level: int = 0
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class DynamicImports:
    """The imports by name in a piece of source.

    Args:
        statements: The imports with names that can be read.
        unknown: The imports that may also refer to unknown modules.
    """

    statements: tuple[ImportStatement, ...] = ()
    unknown: tuple[DynamicImport, ...] = ()


def may_import_by_name(content: bytes) -> bool:
    """Whether source contains one of the words that imports by name need."""
    return any(word in content for word in _WORDS)


def find_dynamic_imports(nodes: Sequence[ast.stmt], content: bytes) -> DynamicImports:
    """Read the imports by name of a module, or of the part of it that ships.

    Args:
        nodes: Its statements.
        content: Their source.
    """
    if not may_import_by_name(content):
        return DynamicImports()
    guarded = find_guarded_nodes(nodes)
    statements: list[ImportStatement] = []
    unknown: list[DynamicImport] = []
    for expression, scope in walk_scoped_expressions(list(nodes)):
        for call in _find_calls(expression, scope):
            found = list(_interpret_call(call))
            # One of several may be all that is there: each is looked for, and none is required.
            optional = len(found) > 1 or id(call.node) in guarded
            for each in found:
                if isinstance(each, DynamicImport):
                    unknown.append(replace(each, optional=optional))
                    continue
                made = _make_statements(each, call)
                statements += [replace(one, optional=one.optional or optional) for one in made]
    return DynamicImports(
        statements=tuple(statements),
        unknown=tuple(sorted(set(unknown), key=lambda each: (each.line, each.prefix))),
    )


@dataclass(frozen=True, kw_only=True)
class _Call:
    """A call of one of the functions. `names` is None if the function is passed on, not called."""

    function: str
    node: ast.expr
    names: tuple[Text, ...] | None
    scope: Scope

    @property
    def line(self) -> int:
        return self.node.lineno


@dataclass(frozen=True, kw_only=True)
class _Name:
    """A name that is fully known."""

    name: str
    level: int


def _find_calls(expression: ast.expr, scope: Scope) -> Iterator[_Call]:
    """Find the calls, and the places where one of the functions is passed on."""
    aliases = {each.value for bindings in scope.bound.values() for each in bindings}
    called: set[ast.expr] = set()
    for node in ast.walk(expression):
        if not isinstance(node, ast.Call | ast.Name | ast.Attribute) or node in called:
            continue
        if not isinstance(node, ast.Call):
            loaded = isinstance(node.ctx, ast.Load) and node not in aliases
            if loaded and (function := _identify_function(node, scope)):
                yield _Call(function=function, node=node, names=None, scope=scope)
        elif function := _identify_function(node.func, scope):
            called.add(node.func)
            given = find_argument(node, 0, _FUNCTIONS[function])
            names = _read_names(given, function, scope) if given else _BY_DEFAULT.get(function, ())
            yield _Call(function=function, node=node, names=names, scope=scope)
        elif (
            read_chain(node.func) == "map"
            and len(node.args) == len(("function", "names"))
            and (function := _identify_function(node.args[0], scope))
        ):
            called.add(node.args[0])
            names = read_elements(node.args[1], scope)
            yield _Call(function=function, node=node, names=names, scope=scope)


def _identify_function(node: ast.expr, scope: Scope) -> str | None:
    """Return which of the functions an expression is. `X.import_module` counts for any X."""
    name = scope.dotted(node)
    if name in _FUNCTIONS:
        return name
    return "import_module" if name and name.endswith(".import_module") else None


def _read_names(node: ast.expr, function: str, scope: Scope) -> tuple[Text, ...]:
    if function not in _LISTING:
        return read_texts(node, scope)
    name = scope.dotted(node) or ""
    if name == "__path__":
        return (Text(own=True, known=".", closed=False),)
    package, _, attribute = name.rpartition(".")
    known = f"{package}." if attribute == "__path__" else _resolve_folder(node, scope)
    return (Text(own=known.startswith("."), known=known, closed=False),)


def _resolve_folder(node: ast.expr, scope: Scope) -> str:
    """Return the package of a folder list beside the module, with a trailing dot."""
    folders = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    found = PathReader(scope=scope, known={}).read(folders[0]) if len(folders) == 1 else ()
    if len(found) != 1 or found[0].module or any(part.pattern for part in found[0].parts):
        return ""
    parts = [part.text for part in found[0].parts]
    up = parts.count("..")
    return "." * up + "".join(f"{part}." for part in parts[up:])


def _interpret_call(call: _Call) -> Iterator[DynamicImport | _Name]:
    if call.function in _RUNNING:
        # A file beside a module ships as the data files do that code names.
        given = (
            find_argument(call.node, 0, "path_name") if isinstance(call.node, ast.Call) else None
        )
        if given is None or not PathReader(scope=call.scope, known={}).read(given):
            yield DynamicImport(line=call.line, kind="run")
        return
    kind: Kind = "list" if call.function in _LISTING else "import"
    package = find_argument(call.node, 1, "package") if isinstance(call.node, ast.Call) else None
    for name in (Text(closed=False),) if call.names is None else call.names:
        level, known = _split_level(name, read_texts(package, call.scope) if package else ())
        if name.closed:
            yield _Name(name=known, level=level)
        else:
            yield DynamicImport(line=call.line, kind=kind, prefix=known, level=level)


def _split_level(name: Text, packages: tuple[Text, ...]) -> tuple[int, str]:
    """Split a name into its leading dots and the rest."""
    known = name.known.lstrip(".")
    level = len(name.known) - len(known)
    if name.own:
        # What follows `__package__` without a dot cannot be told from a longer name.
        return (level, known) if level else (1, "") if not known else (0, "")
    package = packages[0] if len(packages) == 1 else Text(own=True)
    if not level or package.own or not package.closed:
        return level, known
    above = package.known.split(".")
    return 0, ".".join([*above[: max(0, len(above) - level + 1)], known])


def _make_statements(meant: _Name, call: _Call) -> Iterator[ImportStatement]:
    name = meant.name
    taken = None
    if call.function in _OF_OBJECTS:
        name, colon, _ = name.partition(":")
        if not colon and "." in name:
            name, _, last = name.rpartition(".")
            taken = (last,)
    if name:
        statement = ImportStatement(
            module=name, level=meant.level, names=taken, line=call.line, in_function=True
        )
        # `locate` answers None where there is nothing.
        yield replace(statement, optional=call.function == "pydoc.locate")
        if call.function == "runpy.run_module":
            yield replace(statement, module=f"{name}.__main__", optional=True)
