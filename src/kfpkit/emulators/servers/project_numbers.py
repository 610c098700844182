"""The numbers of projects, which Google's answers have in place of their IDs."""

from __future__ import annotations

import hashlib


def compute_number(project: str) -> int:
    """Return a project's number: twelve digits, and the same on every machine.

    Args:
        project: The project's ID, or its number.
    """
    if project.isdecimal():
        return int(project)
    digest = hashlib.sha256(project.encode()).digest()
    return 10**11 + int.from_bytes(digest[:8], "big") % (9 * 10**11)
