"""Writes YAML documents that read back unchanged, here and where pipelines run.

PyYAML implements YAML 1.1. Kubeflow's services are written in Go, and their parser also recognizes
some scalars of YAML 1.2. A string that either parser would read as a number or a boolean is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from kfpkit.errors import UnreadablePipelineError

_Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING = "tag:yaml.org,2002:str"
_INDENT = "#              "
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNREADABLE = yaml.reader.Reader.NON_PRINTABLE


class _Dumper(getattr(yaml, "CDumper", yaml.Dumper)):  # type: ignore[misc]  # one of two
    """A writer that quotes strings that Go's parser would not read as strings."""


for _tag, _pattern, _first in (
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("int", r"[-+]?0[xXoObB][0-9a-fA-F_]+", "-+0"),
    ("bool", r"[yYnN]", "yYnN"),
):
    _Dumper.add_implicit_resolver(
        f"tag:yaml.org,2002:go-{_tag}", re.compile(rf"\A(?:{_pattern})\Z"), list(_first)
    )


def write_documents(documents: Sequence[object], *, comments: str = "") -> str:
    """Write documents, and check that they read back unchanged.

    Args:
        documents: Values as in JSON.
        comments: Lines that begin with `#`. If a value in them, such as a parameter's default,
            contains a line break, the following line becomes a comment too.

    Returns:
        The YAML, with the comments first.

    Raises:
        UnreadablePipelineError: It reads back as something else.
    """
    body = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=True)
    text = _write_comments(comments) + str(body)
    try:
        found = [_read(node) for node in yaml.compose_all(text, Loader=_Reader)]
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadablePipelineError(cause=str(error)) from error
    if found != list(documents):
        raise UnreadablePipelineError(cause="a value reads back as a different one")
    return text


def _read(node: yaml.Node) -> object:
    """Return a node's value. PyYAML's own constructor takes twice as long for mappings."""
    if isinstance(node, yaml.MappingNode):
        return {_read(key): _read(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_read(item) for item in node.value]
    if node.tag == _STRING:
        return node.value
    return yaml.constructor.SafeConstructor().construct_object(node)


def _write_comments(comments: str) -> str:
    """Add a `#` to each line, and escape characters that YAML doesn't allow."""
    lines = _BREAKS.split(comments)
    marked = [line if not line or line.startswith("#") else _INDENT + line for line in lines]
    return "\n".join(_UNREADABLE.sub(_escape, line) for line in marked)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
