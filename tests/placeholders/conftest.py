"""What the tests of placeholders share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kfpkit.authoring.component  # noqa: F401 - protobuf's messages are defined once in a process
from kfpkit.environments import list_environments
from kfpkit.project.project import find_project


@pytest.fixture(autouse=True)
def own_imports(monkeypatch) -> Iterator[None]:
    """Let each test import modules of the same names from a project of its own."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what compares with real packages, where no environment has them for this Python.

    They are loaded beside kfpkit here, and so have to be made for the Python that runs the tests.
    """
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    environments = list_environments(find_project(Path(__file__).parents[2]))
    if any(
        each.description.python == running
        and each.description.has_image
        and each.provides("sklearn")
        for each in environments
    ):
        return
    without = [item for item in items if "both" not in getattr(item, "fixturenames", ())]
    gone = [item for item in items if item not in without]
    if gone:
        items[:] = without
        config.hook.pytest_deselected(items=gone)
