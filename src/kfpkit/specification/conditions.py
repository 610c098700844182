"""Evaluates the conditions that KFP's compiler writes for `dsl.If`, `dsl.Elif` and `dsl.Else`.

They are expressions such as `int(inputs.parameter_values['k']) == 3 && !(... > 2.0)`: comparisons
of parameters and constants, joined by `&&`, `||` and `!`. They are parsed with Python's own syntax
and interpreted. Nothing in them is ever executed as code.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping

from kfpkit.errors import ConditionError
from kfpkit.specification.message_types import Function, Value

_STRING_OR_OPERATOR = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|&&|\|\||!(?!=)")
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}
_NAMES = {"true": True, "false": False, "null": None}


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_CASTS: dict[str, Function] = {
    "int": int,
    "double": float,
    "string": _text,
    "bool": bool,
}
_COMPARISONS: dict[type[ast.cmpop], Function] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def holds(condition: str, parameters: Mapping[str, Value]) -> bool:
    """Evaluate a condition.

    Args:
        condition: The expression, as compiled.
        parameters: The values of the inputs in it.

    Returns:
        Whether it is true.

    Raises:
        ConditionError: The compiler doesn't write such conditions, or the values can't be compared.
    """
    python = _STRING_OR_OPERATOR.sub(
        lambda match: _OPERATORS.get(match.group(), match.group()), condition
    )
    try:
        tree = ast.parse(python.strip(), mode="eval")
        return bool(_evaluate(tree.body, parameters))
    except (SyntaxError, TypeError, ValueError, KeyError) as error:
        raise ConditionError(condition=condition, cause=f"{error}") from error


def _evaluate(node: ast.expr, parameters: Mapping[str, Value]) -> Value:  # noqa: PLR0911 - a case each
    match node:
        case ast.Constant():
            return node.value
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return parameters[name]
        case ast.UnaryOp(op=ast.Not()):
            return not _evaluate(node.operand, parameters)
        case ast.UnaryOp(op=ast.USub()):
            negate: Function = operator.neg
            return negate(_evaluate(node.operand, parameters))
        case ast.BoolOp(op=ast.And()):
            return all(_evaluate(operand, parameters) for operand in node.values)
        case ast.BoolOp():
            return any(_evaluate(operand, parameters) for operand in node.values)
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in _CASTS:
            return _CASTS[name](_evaluate(argument, parameters))
        case ast.Compare(ops=[comparison], comparators=[right]) if type(comparison) in _COMPARISONS:
            compare = _COMPARISONS[type(comparison)]
            return compare(_evaluate(node.left, parameters), _evaluate(right, parameters))
        case _:
            message = f"`{ast.unparse(node)}` is not supported in a condition"
            raise ValueError(message)
