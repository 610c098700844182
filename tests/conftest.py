"""What all tests share: a small project in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pytest_plugins = ["pytester", "container_engine", "registry_server"]

PYPROJECT = "[tool.kfpkit]\n"

WriteProject = Callable[[Mapping[str, "str | bytes"]], Path]


@pytest.fixture(autouse=True)
def _all_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what limits this run of pytest from the runs that tests start."""
    monkeypatch.delenv("KFPKIT_CHANGED_SINCE", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> WriteProject:
    """Return a function that writes files, by relative path, as a project and returns its root."""
    root = tmp_path / "project"

    def write(files: Mapping[str, str | bytes]) -> Path:
        for path, content in {"pyproject.toml": PYPROJECT, **files}.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write
