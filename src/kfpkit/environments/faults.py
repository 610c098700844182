"""What the last words of uv and Poetry mean, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kfpkit.errors import (
    DependencyConflictError,
    DiskFullError,
    HashMismatchError,
    IndexUnreachableError,
    ToolError,
    WheelMissingError,
)

_TAIL = 12
_WHOLE = re.MULTILINE | re.DOTALL


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """A reason for failure that a tool's output shows.

    Args:
        kind: The error to raise.
        signs: Patterns, in lower case, of which one stands in the output.
        remedy: What to do; `{name}` stands for the environment.
    """

    kind: type[ToolError]
    signs: tuple[str, ...]
    remedy: str


_FAULTS = (
    _Fault(
        kind=DiskFullError,
        signs=("no space left", "disk quota exceeded", r"os error 28\b"),
        remedy="Free some space, or point `KFPKIT_CACHE_DIR` and `UV_CACHE_DIR` to a larger disk.",
    ),
    _Fault(
        kind=HashMismatchError,
        signs=("hash mismatch",),
        remedy="The index serves another file than the one that was locked: do not trust it. "
        "If the change is known and wanted, lock again with `kfpkit env lock {name}`.",
    ),
    _Fault(
        kind=WheelMissingError,
        signs=("no usable wheels", r"no wheels?\b", "doesn't have a wheel"),
        remedy="Allow a version that has a wheel for this platform and Python, in the "
        "environment's pyproject.toml, and run `kfpkit env lock {name}`.",
    ),
    _Fault(
        kind=IndexUnreachableError,
        signs=(
            "failed to fetch",
            "error sending request",
            "dns error",
            "connection",
            "timed out",
            "network was disabled",
            "max retries",
            "name resolution",
            "all attempts to connect",
        ),
        remedy="Check the network, and the index that `UV_DEFAULT_INDEX` names (without it, the "
        "public one), and try again.",
    ),
    _Fault(
        kind=IndexUnreachableError,
        signs=("expecting value",),
        remedy="The index does not speak the JSON that Poetry asks for: set "
        "`POETRY_PYPI_MIRROR_URL` to the address of its simple pages.",
    ),
)


def fault_of(output: str, *, name: str, doing: str) -> ToolError:
    """Make the error that tells what a failed tool's output means.

    Args:
        output: All that the tool said.
        name: The environment that it worked for.
        doing: What it was to do: "install its locked packages".

    Returns:
        The error, of the class that fits the reason.
    """
    reason = _conflict(output, name)
    if reason:
        return DependencyConflictError(
            problem=f"The environment `{name}`: its dependencies cannot be resolved",
            tail=reason,
            remedy="Correct the name, or allow other versions; libraries that exclude one another "
            "get an environment each.",
        )
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    problem = f"The environment `{name}`: it was not possible to {doing}"
    tail = "\n".join(lines[-_TAIL:])
    for known in _FAULTS:
        if any(re.search(sign, output.lower()) for sign in known.signs):
            return known.kind(problem=problem, tail=tail, remedy=known.remedy.format(name=name))
    remedy = f"Mend what the tool says, and try again; `kfpkit env check {name}` looks deeper."
    return ToolError(problem=problem, tail=tail, remedy=remedy)


def _conflict(output: str, name: str) -> str:
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
