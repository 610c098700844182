"""Recognizes calls that read, create or only look for a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kfpkit.bundle.reading.calls import find_argument
from kfpkit.bundle.reading.paths.file_path import FilePath
from kfpkit.bundle.reading.paths.paths import PathReader

_READING_METHODS = frozenset({"read_text", "read_bytes"})
_OPENING = frozenset({"open", "io.open", "codecs.open"})
_RESOURCES = frozenset(
    {
        *(f"importlib.resources.{name}" for name in ("read_text", "read_binary", "open_text")),
        *(f"importlib.resources.{name}" for name in ("open_binary", "path", "is_resource")),
        *("pkgutil.get_data", "pkg_resources.resource_filename", "pkg_resources.resource_string"),
        "pkg_resources.resource_stream",
    }
)
_ASKING = frozenset({"exists", "is_file", "is_dir"})
_ASKED = frozenset({"os.path.exists", "os.path.isfile", "os.path.isdir"})
_MAKING = re.compile(
    r"(?:to_\w+|save\w*|write\w*|dump\w*|mkdir|makedirs|touch|unlink|remove\w*|rmdir|rmtree|\w*Handler"
    r"|basicConfig)"
)
_OUTPUTS = re.compile(r"(?:out|dest|package_path|log|save|target)\w*")
_MODULE_PATHS = frozenset(
    {"sys.path.append", "sys.path.insert", "sys.path.extend", "site.addsitedir"}
)


def find_files_read(node: ast.Call, reader: PathReader) -> tuple[FilePath, ...]:
    """Return the paths of the files that a call reads."""
    name = reader.scope.dotted(node.func) or ""
    function = node.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    if name in _RESOURCES and len(node.args) > 1:
        return reader.resource(node.args[0], node.args[1])
    if name.rpartition(".")[2] == "PackageLoader" and node.args:
        folder = find_argument(node, 1, "package_path") or ast.Constant("templates")
        return reader.resource(node.args[0], folder)
    if isinstance(function, ast.Attribute) and (
        method in _READING_METHODS
        or (method == "open" and not _writes(find_argument(node, 0, "mode")))
    ):
        return reader.read(function.value)
    opens = name in _OPENING and not _writes(find_argument(node, 1, "mode"))
    return reader.read(node.args[0]) if node.args and (opens or method[:5] == "read_") else ()


def find_paths_asked_for(expression: ast.expr, reader: PathReader) -> Iterator[FilePath]:
    """Yield the paths that code tests for existence."""
    for node in ast.walk(expression):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING:
            yield from reader.read(node.func.value)
        elif node.args and reader.scope.dotted(node.func) in _ASKED:
            yield from reader.read(node.args[0])


def parts_with_files(node: ast.AST, reader: PathReader) -> Iterator[ast.AST]:
    """Yield the parts of a node, without the paths that a call creates or removes."""
    makes = isinstance(node, ast.Call) and _makes(node, reader)
    for each in ast.iter_child_nodes(node):
        path = each.value if isinstance(each, ast.keyword | ast.Attribute) else each
        is_output = isinstance(each, ast.keyword) and _OUTPUTS.fullmatch(each.arg or "")
        if not ((makes or is_output) and isinstance(path, ast.expr) and reader.read(path)):
            yield each


def _makes(node: ast.Call, reader: PathReader) -> bool:
    function = node.func
    if reader.scope.dotted(function) in _MODULE_PATHS:
        return True
    if isinstance(function, ast.Attribute):
        name, mode = function.attr, find_argument(node, 0, "mode")
    else:
        name, mode = getattr(function, "id", ""), find_argument(node, 1, "mode")
    if name == "open":
        return mode is not None and _writes(mode)
    return _MAKING.fullmatch(name) is not None


def _writes(mode: ast.expr | None) -> bool:
    """Whether a mode may create the file. An unknown mode may."""
    if mode is None:
        return False
    known = isinstance(mode, ast.Constant) and isinstance(mode.value, str)
    return not known or bool(set("wax+") & set(str(getattr(mode, "value", ""))))
