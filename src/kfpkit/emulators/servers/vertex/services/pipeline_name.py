"""The name in a compiled pipeline, which its package in Artifact Registry has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ..refusals import invalid

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,127}")


def read_pipeline_name(content: bytes) -> str:
    """Return the name of a compiled pipeline, as KFP's compiler writes them: YAML or JSON.

    Only the lines of `pipelineInfo` are read, because this process has no reader of YAML.

    Raises:
        RefusedError: The content is something else.
    """
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        text = ""
    name = _read_json(text) if text.lstrip().startswith("{") else _read_yaml(text)
    if not _NAME.fullmatch(name):
        raise invalid(
            "The file is not a compiled pipeline: it has no `pipelineInfo` with a `name` of "
            "lower-case letters, digits and hyphens."
        )
    return name


def _read_json(text: str) -> str:
    try:
        return str(json.loads(text)["pipelineInfo"]["name"])
    except (ValueError, KeyError, TypeError):
        return ""


def _read_yaml(text: str) -> str:
    for line in _list_lines(text):
        key, _, value = line.partition(":")
        if key.strip() == "name":
            return value.strip().strip("'\"")
    return ""


def _list_lines(text: str) -> Iterator[str]:
    """Yield the lines of `pipelineInfo` that begin its keys: those with the least indentation."""
    _, _, rest = f"\n{text}".partition("\npipelineInfo:\n")
    indentation = re.match(r" *", rest)
    spaces = indentation[0] if indentation else ""
    for line in rest.splitlines():
        if not spaces or (line and not line.startswith(spaces)):
            return
        if line[len(spaces) : len(spaces) + 1] not in {"", " "}:
            yield line
