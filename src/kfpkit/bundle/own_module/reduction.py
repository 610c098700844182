"""A component's own module, reduced to the statements that ship.

Kept statements stay at their lines, with their source unchanged. Import statements are rewritten
with the needed names only. Component decorators are removed, here and on other functions that the
component calls.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.own_module.deciding import Decision, Selection
from kfpkit.bundle.own_module.layout import Layout
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Statement
from kfpkit.bundle.reading import (
    ImportNode,
    ImportStatement,
    Use,
    bound_name,
    find_imported_uses,
    is_future,
    split_import,
)


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """The part of a module that ships.

    Args:
        content: Its source, encoded as the file is.
        imports: Its imports.
        uses: Its uses of parts of kfp that exist only where pipelines are compiled.
        lines: The first lines of the kept statements.
        statements: The syntax trees of the kept statements.
        decisions: The decision about each top-level statement.
        hidden: Lines that read names of the module that are known only at run time.
    """

    content: bytes
    imports: tuple[ImportStatement, ...]
    uses: tuple[Use, ...]
    lines: frozenset[int]
    statements: tuple[ast.stmt, ...] = ()
    decisions: tuple[Decision, ...] = ()
    hidden: tuple[int, ...] = ()


def reduce(module: OwnModule, selection: Selection) -> Reduction:
    """Write the statements of a module that ship.

    Args:
        module: The module.
        selection: The selected statements.
    """
    layout = Layout(module)
    imports: list[ImportStatement] = []
    dotted = _list_dotted_modules(selection)
    for index, statement in enumerate(module.statements):
        if is_future(statement.node):
            layout.place_import(statement.node, ast.unparse(statement.node))
        elif index not in selection.kept:
            continue
        elif isinstance(statement.node, ImportNode):
            imports += _write_import(layout, statement.node, selection.needed, dotted)
        else:
            layout.place(statement)
    for statement in selection.local:
        layout.place_nested(statement)
    for node, names in selection.local_imports:
        imports += _write_import(layout, node, names, None)
    uses = [use for statement in imports for use in find_imported_uses(statement)]
    kept = list(_code(selection))
    for statement in kept:
        imports += statement.imports
        uses += statement.uses
    layout.supply(sorted(selection.supplies))
    imports += _parse_supplied(selection)
    return Reduction(
        content=layout.content(),
        imports=tuple(imports),
        uses=tuple(uses),
        lines=frozenset(each.first for each in [*selection.kept.values(), *selection.local]),
        statements=tuple(part for each in kept for part in each.parts),
        decisions=selection.decisions,
        hidden=selection.hidden,
    )


def _code(selection: Selection) -> Iterator[Statement]:
    """Yield the kept statements that aren't imports."""
    for statement in [*selection.kept.values(), *selection.local]:
        if not isinstance(statement.node, ImportNode):
            yield statement


def _parse_supplied(selection: Selection) -> Iterator[ImportStatement]:
    for line in sorted(selection.supplies):
        for node in ast.parse(line).body:
            if isinstance(node, ImportNode):
                yield from split_import(node)


def _list_dotted_modules(selection: Selection) -> frozenset[str]:
    """Return the modules that `import a.b.c` statements must import.

    If several bind `a`, those count that are read by their full name, and those below a package
    that is used as a value, as in `getattr(a.b, name)`. If there are none, all of them count.
    """
    code = list(_code(selection))
    chains = frozenset().union(*(each.chains for each in code))
    values = frozenset().union(*(each.values for each in code))
    modules: dict[str, set[str]] = {}
    for each in selection.kept.values():
        if isinstance(each.node, ast.Import):
            for alias in each.node.names:
                if not alias.asname:
                    modules.setdefault(bound_name(alias), set()).add(alias.name)
    found = set(selection.paths)
    for top, names in modules.items():
        below = {name for name in names if any(name.startswith(f"{value}.") for value in values)}
        found |= (names & chains) | below or names
        # What nothing reads by its name is there for its effect.
        found |= names if top not in chains else set()
    return frozenset(found)


def _write_import(
    layout: Layout, node: ast.stmt, names: frozenset[str], dotted: frozenset[str] | None
) -> list[ImportStatement]:
    assert isinstance(node, ImportNode)  # noqa: S101 - narrows the type
    aliases = [
        alias
        for alias in node.names
        if alias.name == "*" or (bound_name(alias) in names and _is_read(alias, dotted, node))
    ]
    if not aliases:
        return []
    reduced: ast.Import | ast.ImportFrom
    if isinstance(node, ast.Import):
        reduced = ast.Import(names=aliases)
    else:
        reduced = ast.ImportFrom(module=node.module, names=aliases, level=node.level)
    layout.place_import(node, ast.unparse(reduced))
    return list(split_import(ast.copy_location(reduced, node)))


def _is_read(alias: ast.alias, dotted: frozenset[str] | None, node: ast.stmt) -> bool:
    if dotted is None or isinstance(node, ast.ImportFrom) or alias.asname:
        return True
    return alias.name in dotted
