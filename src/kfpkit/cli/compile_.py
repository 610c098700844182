"""`kfpkit compile`."""

from __future__ import annotations


def compile_command() -> None:
    """Write a pipeline as YAML."""
