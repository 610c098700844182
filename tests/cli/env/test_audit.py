"""`kfpkit env audit`: the exit code says what is known."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from environments.conftest import cache, poetry_tool, tiny  # noqa: F401 - fixtures
from environments.osv import database, vulnerability

from kfpkit.environments.audit import auditing_tools
from kfpkit.environments.venvs import venvs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def tools_venv():
    return venvs.make(auditing_tools.recipe())


@pytest.fixture
def audit(tiny, cache, tools_venv):  # noqa: F811 - fixtures
    """Return a function that audits a project with one environment, which locks six."""
    root = tiny().folder.parents[1]
    (cache / "venvs" / tools_venv.name).symlink_to(tools_venv)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", "env", "audit", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    return run


def test_no_known_vulnerability_ends_with_0(audit, monkeypatch, tmp_path):
    with database({}) as address:
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", address)
        done = audit("tiny", "--sbom", str(tmp_path / "bills"))

    assert done.returncode == 0, done.stderr
    assert "tiny: 2 packages for Python 3." in done.stdout
    assert "tiny: licenses: Apache-2.0 (1), MIT (1)\n" in done.stdout
    assert "tiny: vulnerabilities: none known\n" in done.stdout
    assert (tmp_path / "bills" / "tiny.cdx.json").is_file()


def test_a_known_vulnerability_ends_with_1(audit, monkeypatch):
    with database({("six", "1.17.0"): vulnerability("six", fixed="1.18")}) as address:
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", address)
        done = audit()

    assert done.returncode == 1
    assert "tiny: vulnerability: six 1.17.0 has CVE-2025-0001" in done.stdout
    assert "fixed in 1.18" in done.stdout


def test_a_database_that_cannot_be_reached_ends_with_3(audit, monkeypatch):
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", "http://127.0.0.1:9/v1/query")
    done = audit()

    assert done.returncode == 3
    assert "tiny: vulnerabilities: not checked (the database is unreachable)" in done.stdout
    assert "PIP_AUDIT_OSV_URL" in done.stderr


def test_an_offline_audit_ends_with_0_and_writes_json(audit):
    done = audit("--offline", "--json")

    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert found["vulnerabilities"] is None
    assert [package["name"] for package in found["packages"]] == ["kfp", "six"]


def test_an_environment_that_does_not_exist_is_refused(audit):
    done = audit("tinny")

    assert done.returncode == 1
    assert done.stderr.endswith("Did you mean `tiny`?\n")
