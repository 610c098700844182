"""The result of a check."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    """What a check has found."""

    GOOD = "ok"
    WRONG = "fault"
    UNKNOWN = "not checked"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The result of a check.

    Args:
        subject: What was checked, such as `bucket`.
        verdict: What was found.
        detail: It in words.
        remedy: The command that mends it, or the next step.
    """

    subject: str
    verdict: Verdict
    detail: str
    remedy: str = ""
