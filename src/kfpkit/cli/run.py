"""`kfpkit run`."""

from __future__ import annotations


def run_command() -> None:
    """Run."""
