"""Reads strings that code builds, as far as the source shows them.

`f"plugins.{name}"` begins with `plugins.`, whatever the name is. `PLUGINS[kind]` is one of the
values of the literal `PLUGINS`. `__package__` and `__name__` refer to the module that reads them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kfpkit.bundle.reading.scope import Scope

_DEPTH = 8
_MOST = 200
_OWN_NAMES = frozenset({"__package__", "__name__", "__spec__.parent", "__spec__.name"})
_CHOICES = frozenset({"get", "pop", "setdefault"})


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string with at least a known beginning.

    Args:
        own: Whether it starts with the name of the module that reads it, or of its package.
        known: The known part.
        closed: Whether nothing unknown follows.
    """

    own: bool = False
    known: str = ""
    closed: bool = True


_ANY = Text(closed=False)


def read_texts(node: ast.expr, scope: Scope) -> tuple[Text, ...]:
    """Return the strings that an expression may be."""
    found = dict.fromkeys(_read_texts(node, scope, _DEPTH))
    return tuple(found) if len(found) <= _MOST else (_ANY,)


def read_elements(node: ast.expr, scope: Scope) -> tuple[Text, ...]:
    """Return the strings that a loop over an expression may yield."""
    return tuple(dict.fromkeys(_read_elements(node, scope, _DEPTH, keys=True)))


def _read_texts(node: ast.expr, scope: Scope, depth: int) -> Iterator[Text]:
    if not depth:
        yield _ANY
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Text(known=node.value)
    elif isinstance(node, ast.JoinedStr):
        yield from _joined(map(_unwrap_formatted, node.values), scope, depth)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _joined([node.left, node.right], scope, depth)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        yield from (_cut_at(each, "%") for each in _read_texts(node.left, scope, depth - 1))
    elif isinstance(node, ast.IfExp):
        yield from _read_texts(node.body, scope, depth - 1)
        yield from _read_texts(node.orelse, scope, depth - 1)
    elif isinstance(node, ast.Subscript):
        yield from _read_elements(node.value, scope, depth - 1, keys=False)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _read_call(node, node.func, scope, depth)
    else:
        yield from _read_name(node, scope, depth)


def _read_call(node: ast.Call, function: ast.Attribute, scope: Scope, depth: int) -> Iterator[Text]:
    if function.attr == "format":
        yield from (_cut_at(each, "{") for each in _read_texts(function.value, scope, depth - 1))
    elif function.attr == "join" and node.args and isinstance(node.args[0], ast.Tuple | ast.List):
        parts: list[ast.expr] = []
        for each in node.args[0].elts:
            parts += [function.value, each] if parts else [each]
        yield from _joined(parts, scope, depth)
    elif function.attr in _CHOICES:
        yield from _read_elements(function.value, scope, depth - 1, keys=False)
    else:
        yield _ANY


def _read_name(node: ast.expr, scope: Scope, depth: int) -> Iterator[Text]:
    """Read a name: of a module, of a constant, or of a loop variable."""
    dotted = scope.dotted(node)
    module, _, attribute = (dotted or "").rpartition(".")
    if dotted in _OWN_NAMES:
        yield Text(own=True)
    elif module and attribute in {"__name__", "__package__"}:
        relative = module.startswith(".")
        yield Text(own=relative, known=module)
    elif isinstance(node, ast.Name) and (bindings := scope.bindings(node.id)):
        for binding in bindings:
            if binding.value is None:
                yield _ANY
            elif binding.each:
                yield from _read_elements(binding.value, scope, depth - 1, keys=True)
            else:
                yield from _read_texts(binding.value, scope, depth - 1)
    else:
        yield _ANY


def _read_elements(node: ast.expr, scope: Scope, depth: int, *, keys: bool) -> Iterator[Text]:
    """Read the elements of a collection. For a dictionary, its keys or its values."""
    if not depth:
        yield _ANY
    elif isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
        held = [] if isinstance(node, ast.Dict) else node.elts
        if isinstance(node, ast.Dict):
            held = [each or node for each in node.keys] if keys else node.values
        for each in held:
            yield from _read_texts(each, scope, depth - 1)
    elif isinstance(node, ast.Name) and (bindings := scope.bindings(node.id)):
        for binding in bindings:
            if binding.value is None or binding.each:
                yield _ANY
            else:
                yield from _read_elements(binding.value, scope, depth - 1, keys=keys)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        values = node.func.attr == "values"
        inner = _read_elements(node.func.value, scope, depth - 1, keys=False)
        yield from inner if values else (_ANY,)
    else:
        yield _ANY


def _unwrap_formatted(part: ast.expr) -> ast.expr:
    plain = isinstance(part, ast.FormattedValue) and part.conversion < 0 and not part.format_spec
    return part.value if plain and isinstance(part, ast.FormattedValue) else part


def _joined(parts: Iterable[ast.expr], scope: Scope, depth: int) -> Iterator[Text]:
    found = [Text()]
    for part in parts:
        following = tuple(_read_texts(part, scope, depth - 1))
        found = [each for text in found for each in _followed(text, following)][:_MOST]
    yield from found


def _followed(text: Text, following: tuple[Text, ...]) -> list[Text]:
    if not text.closed:
        return [text]
    begun = bool(text.own or text.known)
    return [
        replace(text, closed=False)
        if each.own and begun
        else Text(own=text.own or each.own, known=text.known + each.known, closed=each.closed)
        for each in following
    ]


def _cut_at(text: Text, mark: str) -> Text:
    """Cut a string where a value is inserted."""
    known, found, _ = text.known.partition(mark)
    return replace(text, known=known, closed=text.closed and not found)
