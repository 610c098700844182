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
        signs: Phrases, in lower case, of which one stands in the output. They have several words,
            as no package's name has.
        remedy: What to do.
        command: What to do where an environment is concerned, for which `{name}` stands.
    """

    kind: type[ToolError]
    signs: tuple[str, ...]
    remedy: str
    command: str = ""


_FAULTS = (
    _Fault(
        kind=DiskFullError,
        signs=("no space left on device", "disk quota exceeded", "(os error 28)"),
        remedy="Free some space, or point `KFPKIT_CACHE_DIR` and `UV_CACHE_DIR` to a larger disk.",
    ),
    _Fault(
        kind=HashMismatchError,
        signs=("hash mismatch for",),
        remedy="The index serves another file than the one that was locked: do not trust it.",
        command="If the change is known and wanted, lock again with `kfpkit env lock {name}`.",
    ),
    _Fault(
        kind=WheelMissingError,
        signs=(
            "has no usable wheels",
            "has no wheels with a matching",
            "have no wheels with a matching",
            "has no binary distribution",
            "or wheel for the current platform",
        ),
        remedy="There has to be a wheel for this platform and Python.",
        command="Allow a version that has one, in the environment's pyproject.toml, and run "
        "`kfpkit env lock {name}`.",
    ),
    _Fault(
        kind=IndexUnreachableError,
        signs=(
            "failed to fetch",
            "error sending request",
            "operation timed out",
            "read timed out",
            "connection refused",
            "connection reset",
            "connection aborted",
            "max retries exceeded",
            "the network was disabled",
            "lack of valid authentication credentials",
            "returned a 403 forbidden error",
            "all attempts to connect to",
            "authorization error accessing",
            "server error: ",
        ),
        remedy="Check the network, and the index that `UV_DEFAULT_INDEX` or, for Poetry, "
        "`POETRY_PYPI_MIRROR_URL` names (without it, the public one), and try again.",
    ),
    _Fault(
        kind=IndexUnreachableError,
        signs=("expecting value: line",),
        remedy="The index does not speak the JSON that Poetry asks for: set "
        "`POETRY_PYPI_MIRROR_URL` to the address of its simple pages.",
    ),
)
_UNKNOWN = _Fault(
    kind=ToolError,
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
    lowered = output.lower()
    known = next((one for one in _FAULTS if any(sign in lowered for sign in one.signs)), None)
    if (
        known is None
        and environment is not None
        and (reason := _extract_conflict(output, environment))
    ):
        return DependencyConflictError(
            problem=f"The environment `{environment}`: its dependencies cannot be resolved",
            tail=reason,
            remedy="Correct the name, or allow other versions; libraries that exclude one another "
            "get an environment each.",
        )
    fault = known or _UNKNOWN
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    tail = "\n".join(lines[-_TAIL:])
    if environment is None:
        problem = f"It was not possible to {doing}"
        return fault.kind(problem=problem, tail=tail, remedy=fault.remedy)
    problem = f"The environment `{environment}`: it was not possible to {doing}"
    command = fault.command.format(name=environment)
    return fault.kind(problem=problem, tail=tail, remedy=f"{fault.remedy} {command}".rstrip())


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
