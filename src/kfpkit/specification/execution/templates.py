"""Fills KFP's placeholders in strings: `{{$.inputs.parameters['name']}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kfpkit.specification.message_types import Value

_PLACEHOLDER = re.compile(r"\{\{\$\.(?P<name>.*?)\}\}|\{\{\$\}\}")
_KNOWN = ("inputs.", "outputs.", "json_escape")

Answers = Mapping[str, Callable[[], str]]
"""The text that stands for each placeholder, by what is written after `$.`; for `$`, by nothing."""


def fill(text: str, answers: Answers) -> str:
    """Replace placeholders in a string, each once.

    Args:
        text: A string with placeholders. Replaced values aren't searched for further placeholders.
        answers: The values of placeholders. As in a cluster, unknown placeholders stay unchanged.

    Returns:
        The resulting string.

    Raises:
        ValueError: A placeholder refers to an input or output that doesn't exist.
    """

    def answer(match: re.Match[str]) -> str:
        asked = (match["name"] or "").replace('"', "'").replace("''", "'")
        if asked in answers:
            return answers[asked]()
        if asked.startswith(_KNOWN):
            message = f"`{match.group()}` is undefined"
            raise ValueError(message)
        return match.group()

    return _PLACEHOLDER.sub(answer, text)


def fill_all(value: Value, answers: Answers) -> Value:
    """Replace placeholders anywhere in a value.

    Args:
        value: A parameter's value.
        answers: The values of placeholders.

    Returns:
        The value. Placeholders in keys of mappings are replaced too.

    Raises:
        ValueError: A placeholder refers to an input or output that doesn't exist.
    """
    if isinstance(value, str):
        return fill(value, answers)
    if isinstance(value, list):
        return [fill_all(each, answers) for each in value]
    if isinstance(value, dict):
        return {fill(key, answers): fill_all(each, answers) for key, each in value.items()}
    return value
