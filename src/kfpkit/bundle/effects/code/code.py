"""Reads from a syntax tree what running a piece of code may change.

Only code that runs counts. The body of a function doesn't run where the function is defined, but
its decorators, defaults and annotations do, and so does the body of a class. `effects_of(…,
calls_run=True)` reads the body of a function as a call runs it, including nested functions.

An expression is assumed to affect only objects that it names. A value may be tied to the objects of
the names in its expression: after `alias = TABLE`, or in `for row in TABLE`, changing `alias` or
`row` changes the contents of `TABLE`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kfpkit.bundle.effects.code.expressions import (
    Link,
    Tie,
    held_by,
    part_of,
    read_bases,
    read_links,
    read_path,
    read_string,
)
from kfpkit.bundle.effects.code.record import Call, Effects, Links, Write
from kfpkit.bundle.reading import (
    FunctionNode,
    list_running_statements,
    list_stored_names,
    read_chain,
)

_CHAINING = ast.RShift | ast.LShift | ast.BitOr | ast.BitAnd | ast.BitXor | ast.MatMult
_DERIVING = frozenset({"type", "types.new_class"})
_SETTING = frozenset({"setattr", "delattr", "object.__setattr__", "type.__setattr__"})


def read_effects(nodes: Iterable[ast.AST], *, calls_run: bool = False) -> Effects:
    """Read the effects of code.

    Args:
        nodes: Statements, or an expression.
        calls_run: Whether functions that the code defines are called too.
    """
    found = Effects()
    for node in nodes:
        _read(node, found, calls_run=calls_run)
    return found


def _read(top: ast.AST, found: Effects, *, calls_run: bool) -> None:
    stack: list[tuple[ast.AST, bool]] = [(top, False)]
    while stack:
        node, discarded = stack.pop()
        if isinstance(node, FunctionNode):
            _decorate(node, found)
            running = [*_list_outer_parts(node), *(node.body if calls_run else ())]
            stack += [(each, False) for each in running]
            continue
        if isinstance(node, ast.Lambda):
            stack += [(each, False) for each in _list_outer_parts(node)]
            stack += [(node.body, False)] if calls_run else []
            continue
        if isinstance(node, ast.If):
            stack += [(each, False) for each in [node.test, *list_running_statements(node)]]
            continue
        if isinstance(node, ast.ClassDef):
            _decorate(node, found)
            found.derivations.append(read_bases(node))
            values = [value for each in node.body if (value := getattr(each, "value", None))]
            found.tie([node.name], held_by(link for each in values for link in read_links(each)))
        elif isinstance(node, ast.Call):
            _note_call(node, found, discarded=discarded)
            # What is handed to a call may be called by it.
            stack += [(each.body, False) for each in _lambdas_of(node)]
        else:
            _note(node, found)
        discards = isinstance(node, ast.Expr)
        stack += [(each, discards or _repeats(node, each)) for each in ast.iter_child_nodes(node)]


def _list_outer_parts(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
) -> list[ast.AST]:
    """Return the parts of a function that run where it is defined."""
    arguments = node.args
    running: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
    if not isinstance(node, ast.Lambda):
        running += [*node.decorator_list, node.returns]
        running += [each.annotation for each in ast.walk(arguments) if isinstance(each, ast.arg)]
    return [each for each in running if each is not None]


def _lambdas_of(node: ast.Call) -> Iterator[ast.Lambda]:
    for part in [node.func, *node.args, *(each.value for each in node.keywords)]:
        yield from (each for each in ast.walk(part) if isinstance(each, ast.Lambda))


def _repeats(node: ast.AST, child: ast.AST) -> bool:
    """Whether a child is the element of a comprehension, where calls run for their effect."""
    return isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) and child is node.elt


def _note(node: ast.AST, found: Effects) -> None:
    """Record what an assignment, a deletion, a loop or a `with` changes and ties."""
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            found.loaded.add(node.id)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            found.attributes.add(node.attr)
        if not isinstance(node.ctx, ast.Load):
            written = node if isinstance(node, ast.Attribute) else node.value
            _write(node.value, read_path(written) or "", found)
    elif isinstance(node, ast.Global):
        found.declared |= set(node.names)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        # `alias += [1]` changes a list in place.
        found.written.append(Write(name=node.target.id, path=node.target.id))
    _note_operands(node, found)
    for targets, value in _assignments(node):
        _bind(targets, value, found)


def _note_operands(node: ast.AST, found: Effects) -> None:
    """Record the objects on which `with` and some operators call methods."""
    if isinstance(node, ast.withitem):
        found.contexts |= read_links(node.context_expr)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, _CHAINING):
        found.chained |= read_links(node.left) | read_links(node.right)


def _write(changed: ast.expr, path: str, found: Effects) -> None:
    """Record that an attribute or an item of an object is assigned or deleted."""
    links = read_links(changed)
    deep = {each.name: each.tie is not Tie.SAME for each in links}
    root = path.partition(".")[0]
    if root:
        deep.setdefault(root, True)
    found.written += [
        Write(name=name, path=path if name == root else "", deep=deep[name])
        for name in sorted(deep)
    ]


def _assignments(node: ast.AST) -> Iterator[tuple[list[ast.expr], Links | ast.expr]]:
    """Yield the targets that a node binds, with the values that they are tied to."""
    if isinstance(node, ast.Assign):
        yield node.targets, node.value
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.AnnAssign):
        if node.value is not None:
            yield [node.target], node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield [node.target], part_of(read_links(node.iter))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield [node.optional_vars], read_links(node.context_expr)
    elif isinstance(node, ast.Match):
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if name:
                    links = read_links(node.subject)
                    yield [ast.Name(id=name, ctx=ast.Store())], links | part_of(links)


def _bind(targets: list[ast.expr], value: Links | ast.expr, found: Effects) -> None:
    names = [_bind_one(target, value, found) for target in targets]
    for each in names:
        # In `a = b = []` both names stand for one list.
        others = frozenset().union(*(other for other in names if other is not each))
        found.tie(each, [Link(name=other) for other in others])


def _bind_one(target: ast.expr, value: Links | ast.expr, found: Effects) -> frozenset[str]:
    """Tie the names in a target to a value, and return them."""
    pair = (target, value)
    if all(isinstance(each, ast.Tuple | ast.List) for each in pair):
        parts, values = (getattr(each, "elts", []) for each in pair)
        starred = any(isinstance(each, ast.Starred) for each in [*parts, *values])
        if len(parts) == len(values) and not starred:
            bound = [_bind_one(*each, found) for each in zip(parts, values, strict=True)]
            return frozenset().union(*bound)
    links = read_links(value) if isinstance(value, ast.AST) else value
    if isinstance(target, ast.Attribute | ast.Subscript):
        found.tie((each.name for each in read_links(target.value)), held_by(links))
        return frozenset()
    stored = list_stored_names([target])
    found.tie(stored, links if isinstance(target, ast.Name) else links | part_of(links))
    return stored


def _decorate(node: FunctionNode | ast.ClassDef, found: Effects) -> None:
    """Record that each decorator is called with the decorated object."""
    for each in node.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        method = called if isinstance(called, ast.Attribute) else None
        call = Call(
            path=read_path(each) or "",
            direct=read_chain(each) is not None,
            method=method.attr if method else "",
            callee=read_links(method.value if method else each),
            arguments=(frozenset({Link(name=node.name)}),),
            passed=(node.name,),
            decorates=True,
        )
        found.calls.append(call)
        _tie_call(call, found)
        # The name stands for what the decorator makes of it.
        found.tie([node.name], held_by(read_links(each)))
        for part in ast.walk(each):
            if isinstance(part, ast.Lambda):
                _read(part.body, found, calls_run=False)


def _note_call(node: ast.Call, found: Effects, *, discarded: bool) -> None:
    name = read_chain(node.func)
    if name in _SETTING and len(node.args) > 1:
        _note_setting(node, found)
        return
    if name in _DERIVING and len(node.args) > 1:
        bases = node.args[1]
        listed = bases.elts if isinstance(bases, ast.Tuple | ast.List) else [bases]
        found.derivations.append(tuple(path for each in listed if (path := read_path(each))))
    method = node.func if isinstance(node.func, ast.Attribute) else None
    values = [*node.args, *(each.value for each in node.keywords)]
    call = Call(
        path=read_path(node.func) or "",
        direct=name is not None,
        method=method.attr if method else "",
        callee=read_links(method.value if method else node.func),
        arguments=tuple(read_links(each) for each in node.args if not _is_unpacked(each)),
        keywords=tuple(_keywords_of(node)),
        passed=tuple(path for each in values if (path := read_chain(each))),
        discarded=discarded,
    )
    found.calls.append(call)
    _tie_call(call, found)
    for inner in _lambdas_of(node):
        names = [each.arg for each in ast.walk(inner.args) if isinstance(each, ast.arg)]
        found.tie(names, call.handed | part_of(call.handed))


def _is_unpacked(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred)


def _keywords_of(node: ast.Call) -> Iterator[tuple[str, Links]]:
    """Yield keyword arguments. Unpacked mappings have an empty name."""
    for each in node.keywords:
        links = read_links(each.value)
        yield (each.arg, links) if each.arg else ("", part_of(links))
    yield from (("", part_of(read_links(each))) for each in node.args if _is_unpacked(each))


def _note_setting(node: ast.Call, found: Effects) -> None:
    """Record `setattr(a, "b", c)` as `a.b = c`."""
    changed, name, *values = node.args
    path = f"{read_path(changed) or ''}.{read_string(name) or '?'}"
    _write(changed, path.lstrip("."), found)
    links = held_by(link for each in values for link in read_links(each))
    found.tie((each.name for each in read_links(changed)), links)


def _tie_call(call: Call, found: Effects) -> None:
    """Record which objects a call may store in others, such as arguments in a method's object."""
    handed = held_by(call.handed)
    if call.method:
        found.tie((each.name for each in call.callee), handed)
    elif call.path:
        # `PATH()` stands for what a function is given.
        found.tie([f"{call.path}()"], handed)
    if call.discarded and call.path != "print" and not call.method and len(handed) > 1:
        found.tie((each.name for each in handed), handed)
