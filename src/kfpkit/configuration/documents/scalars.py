"""Reads the scalars of a YAML file, and refuses those that versions of YAML read differently.

PyYAML follows YAML 1.1, editors and most other programs follow 1.2, and people read neither. An
unquoted `no`, `012`, `12:30` or `2024-01-31` is therefore refused: what it should be, only its
author knows.
"""

from __future__ import annotations

import math
import re

import yaml

from kfpkit.specification import find_loss

_PREFIX = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]\d+)?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
# YAML 1.2 reads these as numbers, PyYAML as strings.
_NEWER_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|0o[0-7]+")
_RESOLVER = yaml.resolver.Resolver()
_TRUTHS = {"true": True, "false": False}

Scalar = str | int | float | bool | None


class ScalarError(ValueError):
    """A scalar that is refused. Its message says why, and what to write instead."""


def read_scalar(node: yaml.ScalarNode) -> Scalar:
    """Return the value of a scalar.

    Args:
        node: The scalar, with the tag that PyYAML resolved.

    Returns:
        The value.

    Raises:
        ScalarError: The scalar is ambiguous, or no JSON number can represent it.
    """
    text, tag = str(node.value), str(node.tag).removeprefix(_PREFIX)
    is_plain = node.style is None
    implied = _RESOLVER.resolve(  # type: ignore[no-untyped-call]
        yaml.ScalarNode, text, (is_plain, not is_plain)
    )
    if tag == "str":
        is_tagged = node.tag != implied
        if is_plain and not is_tagged and _NEWER_NUMBER.fullmatch(text):
            raise ScalarError(
                f"`{text}` is a number in YAML 1.2 and a string in YAML 1.1; {_advise(text)}"
            )
        return text
    if node.tag != implied:
        raise ScalarError(f"the tag of `{text}` isn't supported; remove the tag")
    return _read_plain(text, tag)


def _read_plain(text: str, tag: str) -> Scalar:
    if tag == "null":
        return None
    if tag == "value":  # `=` by itself
        return text
    if tag == "bool":
        if text.lower() in _TRUTHS:
            return _TRUTHS[text.lower()]
        truth = "true" if text.lower() in {"yes", "on"} else "false"
        raise ScalarError(
            f'`{text}` is a truth value in YAML 1.1 and a string in YAML 1.2; write `"{text}"` '
            f"or `{truth}`"
        )
    if tag == "int":
        return _read_integer(text)
    if tag == "float":
        return _read_float(text)
    if tag == "timestamp":
        raise ScalarError(
            f"`{text}` is a date in YAML 1.1 and a string in YAML 1.2, and JSON has no dates; "
            f'write `"{text}"`'
        )
    raise ScalarError(f"`{text}` has a meaning of its own in YAML; write it in quotes")


def _read_integer(text: str) -> int:
    if _DECIMAL.fullmatch(text):
        number = int(text)
    elif _HEXADECIMAL.fullmatch(text):
        number = int(text, 16)
    else:
        raise ScalarError(f"`{text}` {_explain_integer(text)}; {_advise(text)}")
    loss = find_loss(number)
    if loss is not None:
        raise ScalarError(f'{loss}; write `"{text}"`, and declare the parameter as `str`')
    return number


def _explain_integer(text: str) -> str:
    if ":" in text:
        return "is a number in base 60 in YAML 1.1 and a string in YAML 1.2"
    if "_" in text or "x" in text:  # a hexadecimal number with a sign
        return "is a number in YAML 1.1 and a string in YAML 1.2"
    if "b" in text:
        return "is a binary number in YAML 1.1 and a string in YAML 1.2"
    return f"is octal in YAML 1.1 and {int(text)} in YAML 1.2"


def _read_float(text: str) -> float:
    if _SPECIAL.fullmatch(text):
        raise ScalarError(f"`{text}` isn't a number that JSON has; leave it out, or use `null`")
    if not _FLOAT.fullmatch(text):
        raise ScalarError(f"`{text}` {_explain_integer(text)}; {_advise(text)}")
    number = float(text)
    if not math.isfinite(number):
        raise ScalarError(f"`{text}` is too large for a number of 64 bits; use a smaller one")
    return number


def _advise(text: str) -> str:
    """Return what to write instead: a string, or a number that all versions read."""
    plain = text.replace("_", "")
    try:
        number = float(plain) if re.search(r"[.eE]", plain) else int(plain)
    except ValueError:
        return f'write `"{text}"` for a string'
    if not math.isfinite(number):
        return f'write `"{text}"` for a string'
    return f'write `{number}`, or `"{text}"` for a string'
