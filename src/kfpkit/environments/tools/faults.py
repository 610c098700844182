"""Errors from the output of uv and Poetry."""

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
    remedy="Fix the reported problem and try again.",
    command="For more checks, run `kfpkit env check {name}`.",
)


def make_tool_error(output: str, *, environment: str | None, doing: str) -> ToolError:
    """Return the error that explains a failed tool's output.

    Args:
        output: The tool's output.
        environment: The environment that the tool worked on. None if it worked for kfpkit itself.
        doing: The operation, such as "install its locked packages".

    Returns:
        The error, of the class that matches the cause.
    """
    known = find_fault(_KINDS, output)
    if known is None and environment is not None:
        reason = _extract_conflict(output, environment)
        if reason:
            return DependencyConflictError(
                problem=f"The dependencies of the environment `{environment}` cannot be resolved",
                tail=reason,
                remedy="Correct the name, or allow other versions. Put conflicting libraries into "
                "separate environments.",
            )
    kind, fault = known or (ToolError, _UNKNOWN)
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    tail = "\n".join(lines[-_TAIL:])
    if environment is None:
        problem = f"kfpkit could not {doing}"
        return kind(problem=problem, tail=tail, remedy=fault.remedy)
    problem = f"The environment `{environment}`: kfpkit could not {doing}"
    command = fault.command.format(name=environment)
    return kind(problem=problem, tail=tail, remedy=f"{fault.remedy} {command}".rstrip())


def _extract_conflict(output: str, name: str) -> str:
    """Return the last two sentences of Poetry's explanation, which name the conflict."""
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
