"""Addresses of runs on targets: `dev:latest`, `dev:training-20261101`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?):([^:/]*)")


@dataclass(frozen=True, kw_only=True)
class RunAddress:
    """A run on a target.

    Args:
        target: The target's name.
        run: The run's id, its beginning, `latest` or `latest~N`.
    """

    target: str
    run: str


def parse_address(text: str) -> RunAddress | None:
    """Return the address of a run on a target. None for runs of this machine.

    Args:
        text: What a user typed.
    """
    found = _ADDRESS.fullmatch(text)
    return None if found is None else RunAddress(target=found[1], run=found[2])
