"""Selects the informative lines of a build's output."""

from __future__ import annotations

import re

_TAIL = 12
_WIDTH = 300
_PREFIX = re.compile(r"^(#\d+ )?(\d+\.\d+ )?")
_CACHE_STEP = re.compile(r"^(#\d+ )importing cache manifest from ", re.MULTILINE)
_ECHO = re.compile(
    r"^-{3,}$|^(> )?\[\S+( \d+/\d+)?\] |^sha256:|^(CACHED|CANCELED|DONE|\.\.\.)|^\d+ \| "
    r"|^transferring|^load build|^building with|^> importing"
    r"|^Dockerfile:\d+$|^\d+ warnings? found|^- \w+: .*\(line \d+\)$|^View build details"
)
# Around the cause stands the whole step. What is written in front of it depends on the version.
_STEP_FAILED = re.compile(
    r".*(?:executor failed running \[.*\]|\bdid not complete successfully)(?:: (?P<cause>.*))?$"
)


def select_telling_lines(said: str) -> list[str]:
    """Keep the informative lines, and only the cause of a failed step.

    This removes BuildKit's echo of the Dockerfile, and its messages about a missing cache, which it
    doesn't need.
    """
    cache = tuple(_CACHE_STEP.findall(said))
    told = (line for line in said.splitlines() if not line.startswith(cache))
    lines = (_cause(_PREFIX.sub("", line).strip()) for line in told)
    return [line for line in lines if line and not _ECHO.search(line)]


def tail(said: str) -> str:
    """Return the last of the informative lines, each one once."""
    told = list(dict.fromkeys(select_telling_lines(said)))
    return "\n".join(line[:_WIDTH] for line in told[-_TAIL:])


def _cause(line: str) -> str:
    failed = _STEP_FAILED.fullmatch(line)
    return (failed["cause"] or "") if failed else line
