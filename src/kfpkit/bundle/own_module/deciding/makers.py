"""Finds functions of the project that make components, such as `partial(kfpkit.component, …)`.

Used as a decorator, such a function replaces the component decorator.
"""

from __future__ import annotations

import ast

from kfpkit.bundle.effects import Definitions, Scope, Target, Targets, read_path
from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.reading import COMPONENT_DECORATORS


def find_component_makers(
    module: OwnModule, definitions: Definitions, targets: Targets
) -> frozenset[str]:
    """Return a module's decorators that make components, as the module writes them.

    Args:
        module: The module. Its component decorators are known.
        definitions: The definitions of its names.
        targets: Finds functions of other modules.
    """
    return frozenset(
        name for name in module.other_decorators if _makes_components(name, definitions, targets)
    )


def _makes_components(name: str, definitions: Definitions, targets: Targets) -> bool:
    return any(
        _makes_component(target, definitions, targets)
        for target in targets.find(name, Scope(definitions=definitions))
    )


def _makes_component(target: Target, definitions: Definitions, targets: Targets) -> bool:
    if target.definitions is not None and target.function is not None:
        return _names_decorator(target.function, target.definitions)
    if target.variable is None:
        return False
    module, variable = target.variable
    known = definitions if module == definitions.module else targets.read(module)
    values = known.assigned.get(variable, []) if known is not None else []
    return known is not None and any(
        value is not None and _names_decorator(value, known) for value in values
    )


def _names_decorator(code: ast.AST, definitions: Definitions) -> bool:
    """Whether code names the decorator of KFP or kfpkit."""
    imports = {name: dotted[-1] for name, dotted in definitions.imports.items()}
    for node in ast.walk(code):
        if isinstance(node, ast.ImportFrom) and node.module:
            imports |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in ast.walk(code):
        root, _, rest = (read_path(node) or "").partition(".")
        dotted = imports.get(root, root)
        if (f"{dotted}.{rest}" if rest else dotted) in COMPONENT_DECORATORS:
            return True
    return False
