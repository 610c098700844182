"""The operators of placeholders, and the special methods that Python calls.

The metaclass uses these methods for placeholders, and the base class for instances of the author's
subclasses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from kfpkit.placeholders import load
from kfpkit.placeholders.objects.origin import Origin
from kfpkit.placeholders.objects.refusals import refuse_call, refuse_value

__tracebackhide__ = True  # pytest shows the line that asks

_Method = Callable[..., Any]

_BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "divmod": "divmod",
    "matmul": "@",
    "pow": "**",
    "lshift": "<<",
    "rshift": ">>",
    "and": "&",
    "xor": "^",
}
_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_UNARY = {"neg": "-", "pos": "+", "invert": "~", "abs": "abs "}
_DEMANDS = {
    "int": "an integer",
    "float": "a number",
    "complex": "a number",
    "index": "an integer",
    "round": "a number",
    "trunc": "a number",
    "floor": "a number",
    "ceil": "a number",
    "format": "the text",
    "bytes": "the bytes",
    "fspath": "a path",
    "len": "the length",
    "iter": "the items",
    "next": "the items",
    "reversed": "the items",
    "contains": "the items",
}
_EFFECTS = ("enter", "setitem", "delitem")


def install(kind: type, origin_of: Callable[[Any], Origin], make: Callable[[Origin], Any]) -> None:
    """Add the operators to a class.

    Args:
        kind: The class.
        origin_of: Returns the origin of one of its instances.
        make: Creates the placeholder that an operator returns.
    """

    def binary(symbol: str) -> _Method:
        return lambda self, other, *_: make(origin_of(self).operation(symbol, other))

    def reflected(symbol: str) -> _Method:
        return lambda self, other, *_: make(origin_of(self).reflected(symbol, other))

    def unary(symbol: str) -> _Method:
        return lambda self: make(origin_of(self).unary(symbol))

    def demand(needed: str) -> _Method:
        def refuse(self: Any, *_: Any) -> Any:
            raise refuse_value(origin_of(self), needed, sys._getframe(1))

        return refuse

    def effect(self: Any, *_: Any) -> Any:
        if load.find_current() is None:
            raise refuse_call(origin_of(self), sys._getframe(1))
        return make(origin_of(self).entered())

    methods = {
        **{name: binary(symbol) for name, symbol in (_BINARY | _COMPARISONS).items()},
        **{f"r{name}": reflected(symbol) for name, symbol in _BINARY.items()},
        **{name: unary(symbol) for name, symbol in _UNARY.items()},
        **{name: demand(needed) for name, needed in _DEMANDS.items()},
        **dict.fromkeys(_EFFECTS, effect),
        "exit": lambda _self, *_: None,
    }
    for name, method in methods.items():
        setattr(kind, f"__{name}__", method)
