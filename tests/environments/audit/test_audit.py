"""What an audit finds, with the real pip-audit and the real CycloneDX library."""

from __future__ import annotations

import json

import pytest
from environments.osv import database, vulnerability

from kfpkit.environments.audit import auditing_tools
from kfpkit.environments.audit.audit import audit_environments
from kfpkit.environments.audit.licenses import read_licenses
from kfpkit.environments.audit.sbom import write_sbom
from kfpkit.environments.audit.vulnerabilities import fetch_vulnerabilities
from kfpkit.environments.packages import Package, list_packages
from kfpkit.environments.venvs import ensure_virtual_environment, venvs
from kfpkit.errors import DatabaseUnreachableError, HashMismatchError, ToolError

JINJA = Package(name="jinja2", version="3.1.4")
KFP = "dff321b76b2be8a09748a1be805a88699b4919e13bb6a1bf67ebf3074ea8ce3f"
SIX = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"
NOBODY = "http://127.0.0.1:9/v1/query"


@pytest.fixture(scope="session")
def tools_venv():
    """Make the auditing tools' virtual environment in the user's cache."""
    return venvs.make(auditing_tools.recipe())


@pytest.fixture
def tools(cache, tools_venv):
    """Give the test a cache of its own with the tools in it."""
    (cache / "venvs" / tools_venv.name).symlink_to(tools_venv)


def installed(folder, name, *fields):
    metadata = folder / "lib/python3.12/site-packages" / f"{name}-1.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1", *fields]
    metadata.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("fields", "declared"),
    [
        (["License-Expression: MIT OR Apache-2.0", "License: other"], "MIT OR Apache-2.0"),
        (["License: BSD-3-Clause"], "BSD-3-Clause"),
        (["License: Apache License, Version 2.0"], "Apache-2.0"),
        (["License: BSD 3-Clause License", "       ", "       Copyright: us"], "BSD-3-Clause"),
        (["License: Copyright us", "       all", "Classifier: License :: x :: BSD License"],
         "BSD License"),
        (["License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
    ],
)  # fmt: skip
def test_a_license_is_read_from_the_metadata(tmp_path, fields, declared):
    installed(tmp_path, "Some.Thing", *fields)

    assert read_licenses(tmp_path) == {"some-thing": declared}


def test_what_declares_no_license_is_left_out(tmp_path):
    installed(tmp_path, "thing", "License: UNKNOWN")

    assert read_licenses(tmp_path) == {}


def test_the_packages_are_the_locks_and_kfps_runtime(tiny):
    packages = list_packages(tiny(), {"six": "MIT"})

    assert [(package.name, package.license) for package in packages] == [
        ("kfp", ""),
        ("six", "MIT"),
    ]
    assert packages[0].digests == (f"sha256:{KFP}",)
    ((file, digest),) = packages[1].wheels
    assert file == "six-1.17.0-py2.py3-none-any.whl"
    assert digest.startswith("sha256:4721f391")


@pytest.mark.slow
def test_a_bill_of_materials_is_the_same_for_the_same_lock(tiny, tools, tmp_path):
    environment = tiny()
    packages = list_packages(environment, {"six": "MIT"})

    first = write_sbom(environment, packages, tmp_path / "a").read_bytes()

    assert write_sbom(environment, packages, tmp_path / "b").read_bytes() == first
    bill = json.loads(first)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == environment.content.hash
    (six,) = [entry for entry in bill["components"] if entry["name"] == "six"]
    assert six["purl"] == "pkg:pypi/six@1.17.0"
    assert six["externalReferences"][0]["hashes"] == [{"alg": "SHA-256", "content": SIX}]
    (kfp,) = [entry for entry in bill["components"] if entry["name"] == "kfp"]
    assert kfp["hashes"] == [{"alg": "SHA-256", "content": KFP}]
    assert six["licenses"][0]["license"]["id"] == "MIT"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["tiny.cdx.json"]


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_named(tiny, tools, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match=r"cannot be written to .*file"):
        write_sbom(tiny(), [], tmp_path / "file")


@pytest.mark.slow
def test_a_known_vulnerability_is_found_with_its_remedy(tools, monkeypatch):
    entry = vulnerability("jinja2", fixed="3.1.5")
    with database({("jinja2", "3.1.4"): entry}) as address:
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", address)
        (found,) = fetch_vulnerabilities("tiny", [JINJA, Package(name="six", version="1")])

    assert (found.package, found.id, found.fixed_in) == ("jinja2", "CVE-2025-0001", ("3.1.5",))
    assert "GHSA-made-up" in found.aliases


@pytest.mark.slow
def test_a_database_that_cannot_be_reached_is_no_good_news(tools, monkeypatch):
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", NOBODY)

    with pytest.raises(DatabaseUnreachableError, match=r"127\.0\.0\.1:9.* cannot be queried"):
        fetch_vulnerabilities("tiny", [JINJA])


@pytest.mark.slow
def test_an_audit_goes_on_without_the_database(tiny, tools, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", NOBODY)
    environment = tiny()

    audits = list(audit_environments([environment, environment], sbom_folder=tmp_path))

    assert [audit.vulnerabilities for audit in audits] == [None, None]
    assert all("cannot be queried" in audit.unreachable for audit in audits)
    assert {package.name: package.license for package in audits[0].packages}["six"] == "MIT"
    assert audits[0].sbom == tmp_path / "tiny.cdx.json"


@pytest.mark.slow
def test_a_download_with_another_hash_than_the_lock_fails_the_audit(tiny, tools):
    with pytest.raises(HashMismatchError):
        list(audit_environments([tiny(digest="0" * 64)], offline=True))


def test_no_address_stands_in_the_tools_requirements():
    assert "://" not in auditing_tools.REQUIREMENTS.read_text()


@pytest.mark.slow
def test_licenses_are_known_once_a_virtual_environment_is_made(tiny, tools):
    assert read_licenses(ensure_virtual_environment(tiny())) == {"kfp": "Apache-2.0", "six": "MIT"}
