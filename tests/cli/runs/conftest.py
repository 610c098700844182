from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kfpkit.cli import app


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Have an empty project as the working directory."""
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def runs(project):
    """Return a function that runs a verb of `kfpkit runs`, which succeeds."""

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["runs", *arguments])
        assert done.exit_code == 0, f"{done.output}{done.exception!r}"
        return done.output

    return call


@pytest.fixture
def refused(project):
    """Return a function that runs a verb of `kfpkit runs`, which raises an error."""

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["runs", *arguments])
        assert done.exit_code != 0
        return f"{done.output}{done.exception}"

    return call
