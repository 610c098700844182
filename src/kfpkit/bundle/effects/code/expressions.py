"""Reads from an expression its dotted path, and the objects that its value is tied to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from kfpkit.bundle.reading import read_chain

# What stands for a module that code names by a string: `=json.dumps`.
ABSOLUTE = "="
_MODULE_BY_NAME = frozenset({"__import__", "import_module", "importlib.import_module"})
# The maker of what is tied to a function since it is what a call of it gave.
RESULT = "()"
# Calls of builtins whose values hold no object of their arguments, or hold them anew.
_NO_SHARING = frozenset(
    {
        *("abs", "all", "any", "bool", "bytes", "callable", "chr", "complex", "divmod", "float"),
        *("format", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass", "len"),
        *("oct", "open", "ord", "pow", "print", "range", "repr", "round", "str", "sum"),
        *("copy.deepcopy", "json.dumps", "json.loads"),
    }
)
_COPIES = frozenset(
    {
        *("copy.copy", "dict", "enumerate", "filter", "frozenset", "list", "map", "reversed"),
        *("set", "sorted", "tuple", "zip", "collections.deque", "collections.OrderedDict"),
    }
)


class Tie(Enum):
    """How the value of a name may be tied to the object of another name."""

    SAME = "it may be the same object"
    PART = "it may be a part of it"
    HELD = "it may hold it"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A tie between a value and the object of a name.

    Args:
        name: The name.
        tie: The kind of tie.
        maker: The path of the call that the object passed through, if any.
    """

    name: str
    tie: Tie = Tie.SAME
    maker: str = ""


def part_of(links: Iterable[Link]) -> frozenset[Link]:
    """Return the links of a part of a value."""
    found = set()
    for each in links:
        found.add(Link(name=each.name, tie=Tie.PART))
        if each.tie is Tie.HELD:
            found.add(Link(name=each.name))
    return frozenset(found)


def held_by(links: Iterable[Link]) -> frozenset[Link]:
    """Return the links of a container that holds a value."""
    return frozenset(Link(name=each.name, tie=Tie.HELD) for each in links)


def read_links(node: ast.AST) -> frozenset[Link]:
    """Return the names that an expression's value is tied to."""
    return frozenset(_read_links(node))


def read_shared_names(node: ast.AST) -> frozenset[str]:
    """Return the names with objects that a value may be, contain, or be contained in."""
    return frozenset(link.name for link in _read_links(node))


def _read_links(node: ast.AST) -> Iterator[Link]:
    if isinstance(node, ast.Name):
        yield Link(name=node.id)
    elif isinstance(node, ast.Call):
        yield from _read_call_links(node)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        yield from part_of(_read_links(node.value))
    elif isinstance(node, ast.NamedExpr | ast.Starred | ast.Await):
        yield from _read_links(node.value)
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        both = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        for each in both:
            yield from _read_links(each)
    elif isinstance(node, ast.Lambda):
        names = {each.id for each in ast.walk(node.body) if isinstance(each, ast.Name)}
        yield from (Link(name=name, tie=Tie.HELD) for name in sorted(names))
    elif not isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from held_by(_read_links(child))


def _read_call_links(node: ast.Call) -> Iterator[Link]:
    path = read_path(node.func) or ""
    if path in _NO_SHARING:
        return
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    if path in _COPIES:
        for each in arguments:
            yield from held_by(_read_links(each))
        return
    if isinstance(node.func, ast.Attribute):
        yield from part_of(_read_links(node.func.value))
    else:
        yield from (replace(each, maker=RESULT) for each in _read_links(node.func))
    for each in arguments:
        for link in _read_links(each):
            yield replace(link, maker=path or "?") if link.tie is Tie.SAME else link


def read_path(node: ast.AST) -> str | None:
    """Return the dotted path of an expression, without calls and items.

    `getattr(a, "b")` is `a.b`, and `type(a)` is `a.__class__`. A module that is looked up by name
    starts with `=`: `sys.modules["json"]` is `=json`.
    """
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif module := _read_module_name(node):
            return ".".join([f"{ABSOLUTE}{module}", *reversed(parts)])
        elif isinstance(node, ast.Call):
            node = _unwrap_call(node, parts)
        elif isinstance(node, ast.Subscript | ast.Starred | ast.Await | ast.NamedExpr):
            node = node.value
        else:
            return None
    return ".".join([node.id, *reversed(parts)])


def _unwrap_call(node: ast.Call, parts: list[str]) -> ast.AST:
    """Return the object that a call acts on if it is known, otherwise the called object."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "type" and len(node.args) == 1:
        parts.append("__class__")
        return node.args[0]
    if name == "getattr" and len(node.args) > 1:
        parts.append(read_string(node.args[1]) or "?")
        return node.args[0]
    return node.func


def _read_module_name(node: ast.AST) -> str | None:
    """Return the module that an expression looks up by name."""
    if isinstance(node, ast.Subscript) and read_chain(node.value) == "sys.modules":
        return read_string(node.slice)
    if isinstance(node, ast.Call) and node.args and read_chain(node.func) in _MODULE_BY_NAME:
        return read_string(node.args[0])
    return None


def read_string(node: ast.AST) -> str | None:
    """Return the value of a string literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def read_bases(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the dotted paths of a class's bases and of its metaclass."""
    bases = [*node.bases, *(each.value for each in node.keywords if each.arg == "metaclass")]
    return tuple(path for each in bases if (path := read_path(each)))
