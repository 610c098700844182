"""KFP's placeholders in text: `{{$.inputs.parameters['name']}}`, `{{$.pipeline_job_name}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kfpkit.specification.message_types import Value

_PLACEHOLDER = re.compile(r"\{\{\$\.(?P<name>.*?)\}\}|\{\{\$\}\}")
_KNOWN = ("inputs.", "outputs.", "json_escape")

Answers = Mapping[str, Callable[[], str]]
"""The text that stands for each placeholder, by what is written after `$.`; for `$`, by nothing."""


def fill(text: str, answers: Answers) -> str:
    """Put text in the place of placeholders, each once.

    Args:
        text: Text with placeholders; what they stand for is not looked through again.
        answers: What they stand for. What KFP does not know stays as it is, as in a cluster.

    Returns:
        The text.

    Raises:
        ValueError: A placeholder asks for an input or output that does not exist.
    """

    def answer(match: re.Match[str]) -> str:
        asked = (match["name"] or "").replace('"', "'").replace("''", "'")
        if asked in answers:
            return answers[asked]()
        if asked.startswith(_KNOWN):
            message = f"`{match.group()}` stands for nothing"
            raise ValueError(message)
        return match.group()

    return _PLACEHOLDER.sub(answer, text)


def fill_all(value: Value, answers: Answers) -> Value:
    """Put text in the place of placeholders anywhere in a value.

    Args:
        value: A parameter's value.
        answers: What the placeholders stand for.

    Returns:
        The value; keys of mappings are filled too.

    Raises:
        ValueError: A placeholder asks for an input or output that does not exist.
    """
    if isinstance(value, str):
        return fill(value, answers)
    if isinstance(value, list):
        return [fill_all(each, answers) for each in value]
    if isinstance(value, dict):
        return {fill(key, answers): fill_all(each, answers) for key, each in value.items()}
    return value
