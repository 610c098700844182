"""Matches the arguments of a call with parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kfpkit.bundle.effects.code import Call, Links
from kfpkit.bundle.effects.targets import Target
from kfpkit.bundle.reading import FunctionNode


def parameters_of(function: FunctionNode) -> frozenset[str]:
    """Return the names of all parameters of a function."""
    return frozenset(each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg))


def own_object(target: Target) -> str:
    """Return the parameter that receives a method's object or class. Empty for functions."""
    function = target.function
    if function is None or target.owner is None or _is_static(function):
        return ""
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return first[0].arg if first else ""


def match_arguments(call: Call, target: Target) -> Iterator[tuple[str, Links]]:
    """Yield the parameters of a function or method, with the arguments of a call."""
    function = target.function
    if function is None:
        return
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if own_object(target):
        names = names[1:]
    rest = arguments.vararg.arg if arguments.vararg else ""
    other = arguments.kwarg.arg if arguments.kwarg else ""
    known = {*names, *(each.arg for each in arguments.kwonlyargs)}
    for position, links in enumerate(call.arguments):
        yield (names[position] if position < len(names) else rest), links
    for key, links in call.keywords:
        if key:
            yield (key if key in known else other), links
        else:
            # `*values` and `**mapping` may reach any parameter.
            yield from ((name, links) for name in {*known, rest, other})


def defaults_of(function: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters of a function that have defaults, with these defaults."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    for each, default in zip(positional[::-1], arguments.defaults[::-1], strict=False):
        yield each.arg, default
    for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield each.arg, value


def _is_static(function: FunctionNode) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list
    )
