"""What the last words of uv and Poetry mean, and what to do about it."""

from __future__ import annotations

import re

from kfpkit.errors import (
    DependencyConflictError,
    DiskFullError,
    Fault,
    HashMismatchError,
    IndexUnreachableError,
    ToolError,
    WheelMissingError,
    find_fault,
)

_TAIL = 12
_WHOLE = re.MULTILINE | re.DOTALL


# The first that fits decides.
_KINDS = (DiskFullError, HashMismatchError, WheelMissingError, IndexUnreachableError)
_UNKNOWN = Fault(
    signs=(),
    remedy="Fix what the tool says, and try again.",
    command="`kfpkit env check {name}` looks deeper.",
)


def fault_of(output: str, *, environment: str | None, doing: str) -> ToolError:
    """Make the error that tells what a failed tool's output means.

    Args:
        output: All that the tool said.
        environment: The environment that it worked for; None when it worked for kfpkit itself.
        doing: What it was to do: "install its locked packages".

    Returns:
        The error, of the class that fits the reason.
    """
    known = find_fault(_KINDS, output)
    if known is None and environment is not None:
        reason = _extract_conflict(output, environment)
        if reason:
            return DependencyConflictError(
                problem=f"The environment `{environment}`: its dependencies cannot be resolved",
                tail=reason,
                remedy="Correct the name, or allow other versions; libraries that exclude one "
                "another get an environment each.",
            )
    kind, fault = known or (ToolError, _UNKNOWN)
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    tail = "\n".join(lines[-_TAIL:])
    if environment is None:
        problem = f"It was not possible to {doing}"
        return kind(problem=problem, tail=tail, remedy=fault.remedy)
    problem = f"The environment `{environment}`: it was not possible to {doing}"
    command = fault.command.format(name=environment)
    return kind(problem=problem, tail=tail, remedy=f"{fault.remedy} {command}".rstrip())


def _extract_conflict(output: str, name: str) -> str:
    """Take the end of Poetry's reasoning: its last two sentences, which name what collides."""
    reasoning = (
        r"^(?:(?:Because|So, because) .*?version solving failed\.|Incompatible constraints .*)"
    )
    found = re.search(reasoning, output, _WHOLE)
    if found is None:
        return ""
    text = re.sub(rf"\b{re.escape(name)}(?:-environment)? (?=depends)", f"`{name}` ", found[0])
    sentences = re.split(r"(?<=\.)\n", text.strip())
    reason = " ".join(" ".join(sentence.split()) for sentence in sentences[-2:])
    return re.sub(r"^And because", "Because", reason)
