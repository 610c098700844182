"""Converts values of parameters to their declared types, to strings and from strings."""

from __future__ import annotations

import json
from decimal import Decimal

from kfp.local.executor_output_utils import pb2_value_to_python

from kfpkit.specification.message_types import ParameterSpec, ParameterType, Value
from kfpkit.specification.values import find_loss

WORDS = {
    ParameterType.NUMBER_INTEGER: "a whole number",
    ParameterType.NUMBER_DOUBLE: "a number",
    ParameterType.STRING: "text",
    ParameterType.BOOLEAN: "true or false",
    ParameterType.LIST: "a list",
    ParameterType.STRUCT: "a mapping",
}
_FOR_TEXT = (
    " (KFP passes on the items of a list of unknown type as strings; annotate the list, such as "
    "`List[Dict[str, int]]`)"
)
# As Go reads a truth value, which the launcher is written in.
_TRUTHS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


def convert(value: Value, kind: int) -> Value:
    """Convert a value for an input of a type.

    If a string is declared, any value becomes a string. There are no other conversions.

    Args:
        value: The value. Inside lists and mappings only, None is allowed and becomes an empty
            string.
        kind: The declared `ParameterType`.

    Returns:
        The value.

    Raises:
        ValueError: It has another type, or is a number that KFP can't represent.
    """
    loss = find_loss(value)
    if loss is not None:
        raise ValueError(loss)
    if kind == ParameterType.STRING:
        return as_text(value)
    # A whole number that is declared may be any number, as the driver has it.
    wanted = ParameterType.NUMBER_DOUBLE if kind == ParameterType.NUMBER_INTEGER else kind
    if kind in WORDS and not fits(value, wanted):
        hint = _FOR_TEXT if isinstance(value, str) else ""
        message = f"{WORDS[kind]} is declared, but the value is {value!r}{hint}"
        raise ValueError(message)
    return normalise_value(value)


def allowed_values(parameter: ParameterSpec) -> list[Value]:
    """Return the values that a parameter is restricted to. Empty if it allows any.

    Args:
        parameter: The `ParameterSpec` of an input.
    """
    return [normalise_value(pb2_value_to_python(literal)) for literal in parameter.literals]


def as_text(value: Value) -> str:
    """Format a value as KFP's back end formats it in strings.

    Args:
        value: The value.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not value.is_integer():
        return f"{Decimal(repr(value)):f}"
    plain = normalise_value(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str, kind: int) -> Value:
    """Parse the file that a container wrote as an output.

    Args:
        text: The file's content.
        kind: The declared `ParameterType`.

    Returns:
        The value.

    Raises:
        ValueError: The string isn't a value of that type.
    """
    if kind == ParameterType.STRING:
        return text
    if kind == ParameterType.NUMBER_INTEGER:
        return int(text)
    if kind == ParameterType.NUMBER_DOUBLE:
        return float(text)
    value = _TRUTHS.get(text.strip()) if kind == ParameterType.BOOLEAN else json.loads(text)
    if value is None or not fits(value, kind):
        message = f"{WORDS[kind]} is declared, but the value is {text!r}"
        raise ValueError(message)
    return value


def normalise_value(value: Value) -> Value:
    """Convert whole numbers to `int` and sort mappings by key, as KFP's back ends do.

    Args:
        value: A parameter's value, or an artifact's metadata.

    Returns:
        The same value. Lists and mappings are converted too.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [normalise_value(each) for each in value]
    if isinstance(value, dict):
        return {key: normalise_value(value[key]) for key in sorted(value)}
    return value


def fits(value: Value, kind: int) -> bool:
    """Return whether a value has a declared type.

    Args:
        value: A parameter's value.
        kind: The `ParameterType`.
    """
    match kind:
        case ParameterType.NUMBER_INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case ParameterType.NUMBER_DOUBLE:
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case ParameterType.STRING:
            return isinstance(value, str)
        case ParameterType.BOOLEAN:
            return isinstance(value, bool)
        case ParameterType.LIST:
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)
