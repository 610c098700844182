"""What the tests of placeholders share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

import kfpkit.authoring  # noqa: F401 - protobuf's messages are defined once in a process


@pytest.fixture(autouse=True)
def own_imports(monkeypatch) -> Iterator[None]:
    """Let each test import modules of the same names from a project of its own."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
