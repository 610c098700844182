"""Recognizes objects that nothing can change: strings, numbers, functions without state."""

from __future__ import annotations

import ast
import re

from kfpkit.bundle.effects.code import read_path
from kfpkit.bundle.effects.definitions import Definitions

# Calls whose values nothing can change: as written, or behind the module that has them.
_CONSTANT_CALLS = frozenset(
    {
        *("bool", "bytes", "complex", "float", "frozenset", "int", "len", "object", "round", "str"),
        *("Path", "Path.absolute", "Path.cwd", "Path.home", "Path.joinpath", "Path.read_text"),
        *("Path.resolve", "Path.with_name", "Path.with_suffix", "PurePath", "PurePosixPath"),
        *("Decimal", "Fraction", "NewType", "ParamSpec", "TypeVar", "dedent", "timedelta"),
        *("date.fromisoformat", "date.today", "datetime.fromisoformat", "datetime.now"),
        *("environ.get", "getenv", "getcwd", "path.abspath", "path.dirname", "path.join"),
        *("re.compile", "datetime.date", "datetime.datetime", "timezone.utc"),
    }
)
# Expressions that are constant if their parts are.
_MADE_OF_PARTS = ast.Attribute | ast.BinOp | ast.BoolOp | ast.IfExp | ast.Tuple | ast.UnaryOp
_CONSTANT_VALUES = ("os.environ", "os.sep", "sys.version_info", "__file__", "__name__")
# What reading uses up, or fills.
_USED_UP = re.compile(
    r"(iter|map|filter|zip|enumerate|reversed|open|itertools\.\w+|csv\.(reader|DictReader)|os\.scandir"
    r"|os\.walk|re\.finditer|(collections\.)?defaultdict|\w+\.(finditer|iter\w*|glob|rglob|iterdir))"
)


def is_constant(definitions: Definitions, name: str) -> bool:
    """Whether nothing can change the object of a variable, such as a string or a number."""
    return _is_constant(definitions, name, frozenset())


def is_used_up(definitions: Definitions, name: str) -> bool:
    """Whether reading the object of a variable changes it: an iterator, a `defaultdict`."""
    for value in definitions.assigned.get(name, ()):
        if isinstance(value, ast.GeneratorExp):
            return True
        path = read_path(value) if isinstance(value, ast.Call) else None
        if path and (_USED_UP.fullmatch(path) or _yields(path, definitions)):
            return True
    return False


def _yields(path: str, definitions: Definitions) -> bool:
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        for function in definitions.functions.get(path, ())
        for node in ast.walk(function)
    )


def has_values(owner: ast.ClassDef, definitions: Definitions) -> bool:
    """Whether a class has, or may inherit, attributes that may change."""
    if owner.bases or owner.keywords:
        return True
    values = (each.value for each in owner.body if isinstance(each, ast.Assign | ast.AnnAssign))
    return any(value is not None and not is_fixed(value, definitions) for value in values)


def is_fixed(node: ast.expr, definitions: Definitions) -> bool:
    """Whether nothing can change the value of an expression."""
    return _is_fixed(node, definitions, frozenset())


def _is_constant(definitions: Definitions, name: str, seen: frozenset[str]) -> bool:
    values = definitions.assigned.get(name)
    if not values or name in definitions.functions or name in definitions.classes or name in seen:
        return False
    return all(
        value is not None and _is_fixed(value, definitions, seen | {name}) for value in values
    )


def _is_fixed(node: ast.expr, definitions: Definitions, seen: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in _CONSTANT_VALUES or _is_constant(definitions, node.id, seen)
    if isinstance(node, ast.Call):
        parts = (read_path(node) or "").split(".")
        return any(".".join(parts[start:]) in _CONSTANT_CALLS for start in range(len(parts)))
    if isinstance(node, ast.Attribute | ast.Subscript) and read_path(node) in _CONSTANT_VALUES:
        return True
    if isinstance(node, _MADE_OF_PARTS):
        parts_of = (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
        return all(_is_fixed(each, definitions, seen) for each in parts_of)
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare)
