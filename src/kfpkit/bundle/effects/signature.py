"""Which names a call hands to which parameters."""

from __future__ import annotations

import ast

from kfpkit.bundle.effects.code import Call
from kfpkit.bundle.effects.targets import Target, methods
from kfpkit.bundle.syntax import FunctionNode


def parameters_of(function: FunctionNode) -> frozenset[str]:
    """Return the names of all parameters of a function."""
    return frozenset(each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg))


def matched(
    call: Call, target: Target, written: frozenset[str], *, bound: bool = False
) -> frozenset[str]:
    """Return the names that a call hands to certain parameters.

    Args:
        call: The call.
        target: The function, or the class whose object is made.
        written: The parameters.
        bound: Whether the call is that of an object's method.
    """
    function = target.function
    if function is None and target.owner is not None:
        function = next(methods(target.owner, "__init__", "__new__"), None)
        bound = True
    if function is None or not written:
        return frozenset()
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if bound or (target.owner is not None and not _is_static(function)):
        names = names[1:]
    rest = arguments.vararg.arg if arguments.vararg else ""
    other = arguments.kwarg.arg if arguments.kwarg else ""
    known = {*names, *(each.arg for each in arguments.kwonlyargs)}
    found: set[str] = set()
    for position, shared in enumerate(call.arguments):
        if (names[position] if position < len(names) else rest) in written:
            found |= shared
    for key, shared in call.keywords:
        # `**mapping` may reach any parameter.
        if not key or (key if key in known else other) in written:
            found |= shared
    return frozenset(found)


def _is_static(function: FunctionNode) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list
    )
