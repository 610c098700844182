"""What running a piece of code may change, read from its syntax tree.

Only code that runs counts: the body of a function does not run where the function is defined, but
its decorators and defaults do, and so does the body of a class. `effects_of(…, calls_run=True)`
reads the body of a function as its call runs it, with the functions defined in it.

An expression is taken to have no effect on what it does not name. A value may *share* the objects
of the names that it is made of: after `alias = TABLE`, or in `for row in TABLE`, whoever changes
`alias` or `row` changes what `TABLE` holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kfpkit.bundle.branches import branches_that_run
from kfpkit.bundle.syntax import FunctionNode, chain, stored_names

Names = frozenset[str]

_NO_SHARING = frozenset(
    {
        *("abs", "all", "any", "bool", "bytes", "callable", "chr", "complex", "divmod", "float"),
        *("format", "hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass", "len"),
        *("oct", "open", "ord", "pow", "print", "range", "repr", "round", "str", "sum", "type"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Args:
        path: What is called, dotted, with calls and items in it left out: `logging.getLogger(…)
            .setLevel` is `logging.getLogger.setLevel`. Empty where it starts with no name.
        direct: Whether the path holds nothing but names and attributes.
        receiver: The names whose objects a method may change; empty for a plain function.
        arguments: For each positional argument the names that it shares.
        keywords: The same for keyword arguments; the key is empty for `**mapping`.
        discarded: Whether the value is thrown away, so that the call is there for its effect.
        decorates: Whether it is a decorator's call with what it decorates.
    """

    path: str
    direct: bool
    receiver: Names = frozenset()
    arguments: tuple[Names, ...] = ()
    keywords: tuple[tuple[str, Names], ...] = ()
    discarded: bool = False
    decorates: bool = False

    @property
    def root(self) -> str:
        """The first name of the path."""
        return self.path.partition(".")[0]

    @property
    def handed(self) -> Names:
        """All names that arguments share."""
        return frozenset().union(*self.arguments, *(names for _, names in self.keywords))


@dataclass(kw_only=True)
class Effects:
    """What code may change when it runs.

    Args:
        written: Names whose objects get or lose attributes or items, each with the dotted path.
        calls: The calls.
        derivations: For each class that it defines the dotted paths of its bases and metaclass.
        shares: For each name that is assigned, the names whose objects it may share.
        declared: Names that `global` makes the module's.
    """

    written: list[tuple[str, str]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    derivations: list[tuple[str, ...]] = field(default_factory=list)
    shares: dict[str, set[str]] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether there is anything that could change an object."""
        return bool(self.written or self.calls or self.derivations)


def effects_of(nodes: Iterable[ast.AST], *, calls_run: bool = False) -> Effects:
    """Read the effects of code.

    Args:
        nodes: Statements, or an expression.
        calls_run: Whether functions defined in the code are called too.
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
            inner: list[ast.AST] = [*node.decorator_list, *node.args.defaults]
            inner += [default for default in node.args.kw_defaults if default]
            stack += [(each, False) for each in [*inner, *(node.body if calls_run else ())]]
            continue
        if isinstance(node, ast.Lambda):
            stack += [(node.body, False)] if calls_run else []
            continue
        if isinstance(node, ast.If):
            stack += [(each, False) for each in [node.test, *branches_that_run(node)]]
            continue
        if isinstance(node, ast.ClassDef):
            _decorate(node, found)
            found.derivations.append(bases_of(node))
        elif isinstance(node, ast.Call):
            found.calls.append(_call(node, discarded=discarded))
            # What is handed to a call may be called by it.
            stack += [(each.body, False) for each in node.args if isinstance(each, ast.Lambda)]
        else:
            _note(node, found)
        discards = isinstance(node, ast.Expr)
        stack += [(each, discards or _repeats(node, each)) for each in ast.iter_child_nodes(node)]


def _repeats(node: ast.AST, child: ast.AST) -> bool:
    """Whether a child is the element of a comprehension, whose calls are there for their effect."""
    return isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) and child is node.elt


def _note(node: ast.AST, found: Effects) -> None:
    """Note what an assignment, a deletion, a loop or a `with` changes and shares."""
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        path = path_of(node) or ""
        names = shared(node.value) | {path.partition(".")[0]}
        found.written += [(name, path) for name in sorted(names) if name]
    elif isinstance(node, ast.Global):
        found.declared |= set(node.names)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        # `alias += [1]` changes a list in place.
        found.written.append((node.target.id, node.target.id))
    for targets, value in _assignments(node):
        _share(targets, value, found)


def _assignments(node: ast.AST) -> Iterator[tuple[list[ast.expr], ast.expr]]:
    """Yield the targets that a node binds, each with the value that they may share."""
    if isinstance(node, ast.Assign):
        yield node.targets, node.value
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.AnnAssign):
        if node.value is not None:
            yield [node.target], node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield [node.target], node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield [node.optional_vars], node.context_expr
    elif isinstance(node, ast.Match):
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if name:
                    yield [ast.Name(id=name, ctx=ast.Store())], node.subject


def _share(targets: list[ast.expr], value: ast.expr, found: Effects) -> None:
    names = shared(value)
    stored = [stored_names([target]) for target in targets]
    for target in stored:
        # In `a = b = []` both names stand for one list.
        others = frozenset().union(*(each for each in stored if each is not target))
        for name in target:
            found.shares.setdefault(name, set()).update(names | others)


def _decorate(node: FunctionNode | ast.ClassDef, found: Effects) -> None:
    """Note that each decorator is called with what it decorates."""
    for each in node.decorator_list:
        found.calls.append(
            Call(
                path=path_of(each) or "",
                direct=chain(each) is not None,
                receiver=shared(each.value) if isinstance(each, ast.Attribute) else frozenset(),
                arguments=(frozenset({node.name}),),
                decorates=True,
            )
        )


def _call(node: ast.Call, *, discarded: bool) -> Call:
    method = node.func if isinstance(node.func, ast.Attribute) else None
    return Call(
        path=path_of(node.func) or "",
        direct=chain(node.func) is not None,
        receiver=shared(method.value) if method else frozenset(),
        arguments=tuple(shared(each) for each in node.args),
        keywords=tuple((each.arg or "", shared(each.value)) for each in node.keywords),
        discarded=discarded,
    )


def bases_of(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the dotted paths of a class's bases and of its metaclass."""
    bases = [*node.bases, *(each.value for each in node.keywords if each.arg == "metaclass")]
    return tuple(path for each in bases if (path := path_of(each)))


def path_of(node: ast.AST) -> str | None:
    """Return the dotted path of an expression, with calls and items left out."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        else:
            return None
    return ".".join([node.id, *reversed(parts)])


def shared(node: ast.expr) -> Names:
    """Return the names whose objects a value may be, hold, or be held by."""
    return frozenset(_shared(node))


def _shared(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare):
        return
    elif isinstance(node, ast.Call):
        yield from _shared_by_call(node)
    elif isinstance(node, ast.Attribute | ast.Subscript | ast.NamedExpr | ast.Starred | ast.Await):
        yield from _shared(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _shared(node.body)
        yield from _shared(node.orelse)
    elif isinstance(node, ast.Lambda):
        yield from (each.id for each in ast.walk(node.body) if isinstance(each, ast.Name))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _shared(child)


def _shared_by_call(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and node.func.id in _NO_SHARING:
        return
    yield from _shared(node.func)
    for each in [*node.args, *(keyword.value for keyword in node.keywords)]:
        yield from _shared(each)
