"""The files of an image's recipe without their comments, which change nothing in an image.

Blank lines go with the comments: a paragraph that explains something mostly comes with one.
"""

from __future__ import annotations

import functools
import re

_DIRECTIVE = re.compile(r"#\s*(check|escape|syntax)\s*=", re.IGNORECASE)
_HEREDOC = re.compile(r"<<-?\s*[\"']?\w")
_IN_REQUIREMENTS = re.compile(r"(^|\s)#.*")
_STRING_OR_COMMENT = re.compile(
    r"""(?P<quotes>\"{3}|'{3})(?:\\.|[^\\])*?(?P=quotes)"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?P<comment>[ \t]*#[^\n]*)""",
    re.DOTALL,
)
_INSIDE = "\0"
_HEADER = re.compile(r"(#.*(\r?\n|$))+")


def strip_dockerfile_comments(text: str) -> str:
    """Leave out comments, which stand on lines of their own.

    Directives for the parser look like comments and stay. So does everything from the first
    here-document on, in which such a line is content.
    """
    document = _HEREDOC.search(text)
    end = text.rfind("\n", 0, document.start()) + 1 if document else len(text)
    lines = text[:end].splitlines()
    return _joined([line for line in lines if _instructs(line.strip())]) + text[end:]


def strip_requirements_comments(text: str) -> str:
    """Leave out comments of a file as pip reads it, at the end of a line too."""
    lines = (_IN_REQUIREMENTS.sub("", line).rstrip() for line in text.splitlines())
    return _joined([line for line in lines if line])


def strip_lock_header(text: str) -> str:
    """Leave out the comment at the top of a lock, which names the version of Poetry."""
    header = _HEADER.match(text)
    return text[header.end() :] if header else text


@functools.lru_cache(maxsize=16)
def strip_script_comments(text: str) -> str:
    """Remove the comments of a Python script that kfpkit ships.

    The result is the same with every Python version. Each command that needs an image's name does
    this, and `tokenize` would take longer than the rest of the name.
    """
    marked = _STRING_OR_COMMENT.sub(_mark, text)
    return _joined([line.replace(_INSIDE, "") for line in marked.splitlines() if line.strip()])


def _mark(found: re.Match[str]) -> str:
    """Mark the lines inside a string, which may be blank, and remove a comment."""
    return "" if found["comment"] else found[0].replace("\n", f"\n{_INSIDE}")


def _instructs(line: str) -> bool:
    return bool(line) and (not line.startswith("#") or _DIRECTIVE.match(line) is not None)


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
