"""Reads from expressions the paths that begin at a module's own file.

`Path(__file__).with_name("limits.json")`, `os.path.join(os.path.dirname(__file__), "sql", name)`,
`files("rules") / "limits.json"`. A part that is known only at run time is a pattern: `HERE /
f"{name}.sql"` is `*.sql` in the folder `HERE`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from glob import escape

from kfpkit.bundle.reading.calls import find_argument
from kfpkit.bundle.reading.paths.file_path import BELOW, FilePath, join_texts, split_parts
from kfpkit.bundle.reading.scope import Scope
from kfpkit.bundle.reading.texts import read_texts

_DEPTH = 12
_JOINS = frozenset(
    {
        *("os.path.join", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"),
        "pathlib.PurePosixPath",
    }
)
_FILES = frozenset({"importlib.resources.files", "importlib_resources.files"})
_OWN = frozenset({"__package__", "__name__", "__spec__.parent"})
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[sdifr]")


def _same(path: FilePath) -> FilePath:
    return path


_FUNCTIONS: Mapping[str, Callable[[FilePath], FilePath]] = {
    **dict.fromkeys(
        (
            *("str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.normpath"),
            *("importlib.resources.as_file", "importlib_resources.as_file", "sorted", "list"),
        ),
        _same,
    ),
    "os.path.dirname": FilePath.up,
    **dict.fromkeys(("os.listdir", "os.scandir", "os.walk"), FilePath.listed),
    **dict.fromkeys(("glob.glob", "glob.iglob"), FilePath.globbed),
}
_METHODS: Mapping[str, Callable[[FilePath], FilePath]] = {
    **dict.fromkeys(("resolve", "absolute", "expanduser", "as_posix"), _same),
    **dict.fromkeys(("iterdir", "walk"), FilePath.listed),
}
_CHANGES: Mapping[str, Callable[[FilePath, str], FilePath]] = {
    "with_name": FilePath.with_name,
    "with_suffix": FilePath.with_suffix,
    "with_stem": FilePath.with_stem,
}
_GLOBS = frozenset({"glob", "rglob"})

Paths = Mapping[str, tuple[FilePath, ...]]


@dataclass(frozen=True, kw_only=True)
class PathReader:
    """Reads expressions in a scope.

    Args:
        scope: The meaning of names.
        known: The paths that imported names refer to, by dotted name.
    """

    scope: Scope
    known: Paths

    def read(self, node: ast.expr) -> tuple[FilePath, ...]:
        """Return the paths that an expression may be. Empty if it isn't a path."""
        return tuple(dict.fromkeys(self._read(node, _DEPTH)))

    def resource(self, package: ast.expr, name: ast.expr) -> tuple[FilePath, ...]:
        """Read a package and a file name in it, as the arguments of `pkgutil.get_data`."""
        return tuple(self._below(self._package(package), [name]))

    def _read(self, node: ast.expr, depth: int) -> Iterator[FilePath]:
        if not depth:
            return
        if isinstance(node, ast.Name):
            yield from self._name(node, depth) if isinstance(node.ctx, ast.Load) else ()
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node, depth)
        elif isinstance(node, ast.Call):
            yield from self._call(node, depth)
        elif isinstance(node, ast.Subscript):
            yield from self._item(node, depth)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from self._below(self._read(node.left, depth - 1), [node.right])
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self._with_text([node.left, node.right], depth)
        elif isinstance(node, ast.JoinedStr):
            yield from self._with_text([_unwrap_formatted(each) for each in node.values], depth)
        else:
            for choice in _choices(node):
                yield from self._read(choice, depth - 1)

    def _name(self, node: ast.Name, depth: int) -> Iterator[FilePath]:
        bindings = self.scope.bindings(node.id)
        if bindings:
            for binding in bindings:
                if binding.value is not None:
                    yield from self._read(binding.value, depth - 1)
        elif node.id == "__file__":
            yield FilePath()
        else:
            yield from self.known.get(self.scope.dotted(node) or "", ())

    def _attribute(self, node: ast.Attribute, depth: int) -> Iterator[FilePath]:
        dotted = self.scope.dotted(node) or ""
        if node.attr == "parent":
            yield from (each.up() for each in self._read(node.value, depth - 1))
        elif node.attr == "__file__" and self._is_imported(node.value):
            yield FilePath(module=dotted.removesuffix(".__file__"))
        else:
            yield from self.known.get(dotted, ())

    def _is_imported(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and self.scope.origin(node.id) is not None

    def _item(self, node: ast.Subscript, depth: int) -> Iterator[FilePath]:
        """Read `path.parents[1]` and `package.__path__[0]`."""
        base = node.value
        index = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if not isinstance(base, ast.Attribute | ast.Name):
            return
        name = self.scope.dotted(base) or ""
        if isinstance(base, ast.Attribute) and base.attr == "parents" and isinstance(index, int):
            for path in self._read(base.value, depth - 1):
                for _ in range(index + 1):
                    path = path.up()  # noqa: PLW2901 - one folder after the other
                yield path
        elif name == "__path__":
            yield FilePath().up()
        elif name.endswith(".__path__"):
            yield FilePath(module=name.removesuffix(".__path__")).up()

    def _call(self, node: ast.Call, depth: int) -> Iterator[FilePath]:
        function = self.scope.dotted(node.func) or ""
        if function in _FILES:
            yield from self._package(
                find_argument(node, 0, "anchor") or find_argument(node, 0, "package")
            )
        elif node.args and function in _JOINS:
            yield from self._below(self._read(node.args[0], depth - 1), node.args[1:])
        elif node.args and (change := _FUNCTIONS.get(function)):
            yield from map(change, self._read(node.args[0], depth - 1))
        elif isinstance(node.func, ast.Attribute):
            found = self._read(node.func.value, depth - 1)
            yield from self._method(found, node.func.attr, node.args)

    def _method(
        self, found: Iterator[FilePath], method: str, arguments: list[ast.expr]
    ) -> Iterator[FilePath]:
        if method in _METHODS:
            yield from map(_METHODS[method], found)
        elif method == "joinpath":
            yield from self._below(found, arguments)
        elif method in _GLOBS and arguments:
            below = (each.down(BELOW) if method == "rglob" else each for each in found)
            yield from self._below(below, arguments[:1], mark=str)
        elif method in _CHANGES and arguments:
            for path in found:
                for text in self._patterns(arguments[0]):
                    yield _CHANGES[method](path, text)

    def _package(self, node: ast.expr | None) -> Iterator[FilePath]:
        """Read the argument of `files(…)`: nothing, a module or its name."""
        if node is None or self.scope.dotted(node) in _OWN:
            yield FilePath().up()
        elif self._is_imported(node):
            yield FilePath(module=self.scope.dotted(node) or "").up()
        else:
            for each in read_texts(node, self.scope):
                if each.closed and each.known and each.own == each.known.startswith("."):
                    yield FilePath(module=each.known).up()

    def _below(
        self,
        found: Iterator[FilePath],
        others: Iterable[ast.expr],
        mark: Callable[[str], str] = escape,
    ) -> Iterator[FilePath]:
        paths = list(found)
        for other in others if paths else ():
            ends = [split_parts(text) for text in self._patterns(other, mark)]
            paths = [path.down(*end) for path in paths for end in ends]
        yield from paths

    def _with_text(self, nodes: list[ast.expr], depth: int) -> Iterator[FilePath]:
        """Read a path followed by a string: `f"{HERE}/limits.json"`."""
        found = list(self._read(nodes[0], depth - 1)) if nodes else []
        behind = [""]
        for node in nodes[1:] if found else ():
            ends = self._patterns(node)
            behind = [join_texts(text, end) for text in behind for end in ends]
        for text in behind:
            yield from (each.down(*split_parts(text)) for each in found if text[:1] == "/")

    def _patterns(self, node: ast.expr, mark: Callable[[str], str] = escape) -> list[str]:
        """Return the strings that an expression may be, with `*` for unknown parts."""
        template = _template(node)
        if template is not None:
            return ["*".join(map(mark, _PLACEHOLDER.split(template)))]
        if isinstance(node, ast.JoinedStr):
            pieces = [_unwrap_formatted(each) for each in node.values]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pieces = [node.left, node.right]
        else:
            known = read_texts(node, self.scope)
            return [mark(each.known) + ("" if each.closed else "*") for each in known]
        found = [""]
        for piece in pieces:
            ends = self._patterns(piece, mark)
            found = [join_texts(text, end) for text in found for end in ends]
        return found


def _template(node: ast.expr) -> str | None:
    """Return the string of `"…%s…" % …` and `"…{}…".format(…)`."""
    text: ast.expr | None = None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        text = node.left
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = node.func.value if node.func.attr == "format" else None
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return text.value
    return None


def _unwrap_formatted(part: ast.expr) -> ast.expr:
    return part.value if isinstance(part, ast.FormattedValue) else part


def _choices(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node.value] if isinstance(node, ast.NamedExpr) else []
