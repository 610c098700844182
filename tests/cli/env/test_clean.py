from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kfpkit.cli import app


@pytest.fixture
def left(tmp_path, monkeypatch):
    """Have a cache with what a killed build has left, and one that nothing is recorded of."""
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path))
    folder = tmp_path / "venvs" / "old-0123456789abcdef-linux.making-01234567"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x" * 2_000_000)
    kept = tmp_path / "venvs" / "kept-0123456789abcdef-linux"
    (kept / "bin").mkdir(parents=True)
    (kept / "bin" / "python").touch(0o755)
    (kept / ".kfpkit-finished").touch()
    return folder


def clean(*options):
    done = CliRunner().invoke(app, ["env", "clean", *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_what_goes_is_listed_with_what_that_frees(left):
    output = clean()
    assert not left.exists()
    assert "removed" in output
    assert output.endswith("1 of 2 removed, 2 MB\n")


def test_a_dry_run_removes_nothing(left):
    assert clean("--dry-run").endswith("1 of 2 would be removed, 2 MB\n")
    assert left.exists()


def test_programs_get_json(left):
    kept, gone = json.loads(clean("--json"))
    assert (gone["path"], gone["removed"], gone["kept_by"]) == (str(left), True, None)
    assert gone["size"] == 2_000_000
    assert kept["removed"] is False
    assert kept["kept_by"].startswith("an earlier kfpkit")


def test_programs_are_told_that_a_dry_run_removed_nothing(left):
    assert [each["removed"] for each in json.loads(clean("--dry-run", "--json"))] == [False, False]
    assert left.exists()
