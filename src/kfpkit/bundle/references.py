"""The files that a piece of source names by paths that begin at a module's own file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kfpkit.bundle.calls import argument
from kfpkit.bundle.file_path import FilePath
from kfpkit.bundle.imports import guarded_nodes
from kfpkit.bundle.paths import PathReader, Paths
from kfpkit.bundle.scope import Scope, scoped_expressions

_WORDS = (b"__file__", b"__path__", b"resources", b"get_data", b"pkg_resources")
_READING_METHODS = frozenset({"read_text", "read_bytes"})
_WRITING = re.compile(
    r"(?:to_\w+|save\w*|write\w*|dump\w*|mkdir|makedirs|touch|unlink|remove\w*|rmdir|rmtree|\w*Handler"
    r"|basicConfig)"
)
_MISSING = frozenset({"FileNotFoundError", "OSError", "IOError", "Exception", "BaseException"})
_ASKING = frozenset({"exists", "is_file", "is_dir"})
_ASKED = frozenset({"os.path.exists", "os.path.isfile", "os.path.isdir"})
_OPENING = frozenset({"open", "io.open", "codecs.open"})
_RESOURCES = frozenset(
    {
        *(f"importlib.resources.{name}" for name in ("read_text", "read_binary", "open_text")),
        *(f"importlib.resources.{name}" for name in ("open_binary", "path", "is_resource")),
        *("pkgutil.get_data", "pkg_resources.resource_filename", "pkg_resources.resource_string"),
        "pkg_resources.resource_stream",
    }
)


@dataclass(frozen=True, kw_only=True)
class FileReference:
    """A path in the source.

    Args:
        line: Its line.
        path: Where it leads.
        is_read: Whether the file is read where it stands, so that it has to be there.
    """

    line: int
    path: FilePath
    is_read: bool = False


def may_name_files(content: bytes) -> bool:
    """Whether source has one of the words that such paths begin with."""
    return any(word in content for word in _WORDS)


def path_constants(nodes: Sequence[ast.stmt]) -> dict[str, tuple[FilePath, ...]]:
    """Read the names at the top level of a module that are paths."""
    scope = next((each for _, each in scoped_expressions(list(nodes))), Scope())
    while scope.outer is not None:
        scope = scope.outer
    reader = PathReader(scope=scope, known={})
    found = {name: reader.read(ast.Name(name, ast.Load())) for name in scope.bound}
    return {name: paths for name, paths in found.items() if paths}


def file_references(nodes: Sequence[ast.stmt], known: Paths) -> tuple[FileReference, ...]:
    """Read the paths in the source of a module, or in the part of it that ships.

    A name that is given a path names no file yet; what is done with the name does.

    Args:
        nodes: Its statements.
        known: The paths that imported names are, by their dotted names.
    """
    found: dict[FileReference, None] = {}
    asked: set[FilePath] = set()
    guarded = guarded_nodes(nodes, _MISSING)
    for expression, scope in scoped_expressions(list(nodes)):
        reader = PathReader(scope=scope, known=known)
        if not scope.of_class and _is_bound(expression, scope) and reader.read(expression):
            continue
        excused = id(expression) in guarded
        for each in _in_expression(expression, reader):
            found[replace(each, is_read=False) if excused else each] = None
        asked.update(_asked(expression, reader))
    return tuple(
        replace(each, is_read=False) if each.path in asked else each
        for each in sorted(found, key=lambda each: (each.line, each.path.parts))
    )


def _asked(expression: ast.expr, reader: PathReader) -> Iterator[FilePath]:
    """Yield the paths of which the code finds out whether they are there."""
    for node in ast.walk(expression):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING:
            yield from reader.read(node.func.value)
        elif node.args and reader.scope.dotted(node.func) in _ASKED:
            yield from reader.read(node.args[0])


def _is_bound(expression: ast.expr, scope: Scope) -> bool:
    bindings = (each for every in scope.bound.values() for each in every)
    return any(each.value is expression for each in bindings)


def _in_expression(expression: ast.expr, reader: PathReader) -> Iterator[FileReference]:
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        found = list(_in_call(node, reader)) if isinstance(node, ast.Call) else []
        if isinstance(node, ast.expr) and not found:
            found = [(path, False) for path in reader.read(node)]
        if isinstance(node, ast.expr) and found:
            for path, is_read in found:
                # Of several paths one may be all that is there.
                needed = is_read and len(found) == 1
                yield FileReference(line=node.lineno, path=path, is_read=needed)
        else:
            stack += _inside(node, reader)


def _in_call(node: ast.Call, reader: PathReader) -> Iterator[tuple[FilePath, bool]]:
    """Yield the paths whose files a call reads."""
    name = reader.scope.dotted(node.func) or ""
    function = node.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    found: tuple[FilePath, ...] = ()
    if name in _RESOURCES and len(node.args) > 1:
        found = reader.resource(node.args[0], node.args[1])
    elif name in _OPENING and node.args and not _writes(argument(node, 1, "mode")):
        found = reader.read(node.args[0])
    elif isinstance(function, ast.Attribute) and (
        method in _READING_METHODS or (method == "open" and not _writes(argument(node, 0, "mode")))
    ):
        found = reader.read(function.value)
    elif method.startswith("read_") and node.args:
        found = reader.read(node.args[0])
    yield from ((path, True) for path in found)


def _inside(node: ast.AST, reader: PathReader) -> Iterator[ast.AST]:
    """Yield the parts of a node, without the paths that a call makes or removes."""
    inner = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and _makes(node):
        for each in inner:
            path = each.value if isinstance(each, ast.keyword | ast.Attribute) else each
            if not (isinstance(path, ast.expr) and reader.read(path)):
                yield each
    else:
        yield from inner


def _makes(node: ast.Call) -> bool:
    function = node.func
    if isinstance(function, ast.Attribute):
        name, mode = function.attr, argument(node, 0, "mode")
    else:
        name, mode = getattr(function, "id", ""), argument(node, 1, "mode")
    if name == "open":
        return mode is not None and _writes(mode)
    return _WRITING.fullmatch(name) is not None


def _writes(mode: ast.expr | None) -> bool:
    """Whether a mode may make the file; one that cannot be read may."""
    if mode is None:
        return False
    known = isinstance(mode, ast.Constant) and isinstance(mode.value, str)
    return not known or bool(set("wax+") & set(str(getattr(mode, "value", ""))))
