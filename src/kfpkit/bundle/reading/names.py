"""Reads the names that a statement binds and reads, with the interpreter's symbol table.

`symtable` implements every rule of scope (comprehensions, lambdas, class bodies, `global`, `match`,
walrus, type parameters). It doesn't see deferred annotations, or names inside strings. These are
read from the syntax tree.
"""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_DEFERRED = "from __future__ import annotations\n"
# From 3.12 on, the table of a module has the variables of its comprehensions (PEP 709).
_HAS_INLINED = sys.version_info >= (3, 12)
# What `super` reads of the class around it.
_CLASS_CELL = "__class__"


@dataclass(frozen=True, kw_only=True)
class Names:
    """The global names of one statement.

    Args:
        bound: Names that running the statement, or a function in it, binds in the module.
        read: Names that the statement, or a function in it, needs when it runs.
        mentioned: Names that it doesn't need: annotations that are deferred, strings, or of a
            function's variables, and reads that handle a `NameError`.
    """

    bound: frozenset[str]
    read: frozenset[str]
    mentioned: frozenset[str]


def read_names(source: str, nodes: list[ast.stmt], *, deferred: bool) -> Names:
    """Read the names of one statement.

    Args:
        source: The statement's source, not indented.
        nodes: The same statement, parsed.
        deferred: Whether the module has `from __future__ import annotations`.
    """
    if _HAS_INLINED and any(isinstance(part, _COMPREHENSION) for part in _walk_evaluated(nodes)):
        source = ast.unparse(_Generators().visit(ast.parse(source)))
    table = symtable.symtable((_DEFERRED if deferred else "") + source, "<statement>", "exec")
    bound, read, mentioned = _read_table(table)
    read.discard(_CLASS_CELL)
    if deferred:
        bound.discard("annotations")
    read |= bound & {name for node in nodes for name in _list_presumed_names(node)}
    for node in nodes:
        excused = _list_excused_names(node)
        mentioned |= _list_annotated_names(node) | excused
        read -= excused
    return Names(
        bound=frozenset(bound), read=frozenset(read), mentioned=frozenset(mentioned - read)
    )


_COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp


class _Generators(ast.NodeTransformer):
    """Turns comprehensions into generators, which have the same names and a separate table."""

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        """Keep the element and the loops."""
        self.generic_visit(node)
        return ast.GeneratorExp(elt=node.elt, generators=node.generators)

    visit_SetComp = visit_ListComp  # noqa: N815 - ast's name

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """Make a pair of the key and the value."""
        self.generic_visit(node)
        pair = ast.Tuple(elts=[node.key, node.value], ctx=ast.Load())
        return ast.GeneratorExp(elt=pair, generators=node.generators)


def _walk_evaluated(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes that the module itself evaluates: all but the bodies of functions."""
    queue: list[ast.AST] = [*nodes]
    while queue:
        node = queue.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            queue += [*node.decorator_list, node.args]
        elif isinstance(node, ast.Lambda):
            queue.append(node.args)
        else:
            queue += ast.iter_child_nodes(node)


def _read_table(table: symtable.SymbolTable) -> tuple[set[str], set[str], set[str]]:
    symbols = table.get_symbols()
    bound = {
        each.get_name()
        for each in symbols
        if each.is_assigned() or each.is_imported() or each.is_annotated()
    }
    read = {each.get_name() for each in symbols if each.is_referenced()}
    mentioned: set[str] = set()
    for inner in _inner_tables(table):
        for symbol in inner.get_symbols():
            if symbol.is_global():
                read.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
            elif inner.get_type() == "class" and symbol.is_referenced():
                # A class body that assigns a name may have read the module's before.
                mentioned.add(symbol.get_name())
    return bound, read, mentioned


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner_tables(child)


def _list_annotated_names(statement: ast.stmt) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.arg | ast.AnnAssign):
            annotation = node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            annotation = node.returns
        else:
            continue
        if annotation is not None:
            names |= read_annotation_names(annotation)
    return names


def read_annotation_names(annotation: ast.expr) -> set[str]:
    """Return the names in an annotation, including in strings."""
    names: set[str] = set()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value.strip(), mode="eval")
            except SyntaxError:
                continue
            names |= {part.id for part in ast.walk(inner) if isinstance(part, ast.Name)}
    return names


def _list_presumed_names(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that must exist before `name += …` and `del name`."""
    for node in ast.walk(statement):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Delete):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _list_excused_names(statement: ast.stmt) -> set[str]:
    """Return the names that are needed by no read.

    These are reads that handle a `NameError`, and annotations of variables in functions, which
    never run.
    """
    excused = {id(part) for tree in _find_guarded(statement) for part in ast.walk(tree)}
    names: dict[str, bool] = {}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            names[node.id] = names.get(node.id, True) and id(node) in excused
    return {name for name, free in names.items() if free}


def _find_guarded(statement: ast.stmt) -> Iterator[ast.AST]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Try) and any(_catches_name_error(h) for h in node.handlers):
            yield from node.body
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.AnnAssign):
                    yield inner.annotation


def _catches_name_error(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and any(
        isinstance(node, ast.Name) and node.id == "NameError" for node in ast.walk(handler.type)
    )
