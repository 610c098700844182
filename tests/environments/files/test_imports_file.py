"""Import names, from the RECORD files of a virtual environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfpkit.environments.files import imports_file as manifest
from kfpkit.environments.files.imports_file import Distribution, Manifest

INSTALLED = {
    "google_cloud_storage-3.1.0": ["google/cloud/storage/__init__.py", "google/cloud/_shared.py"],
    "google_cloud_bigquery-3.2": ["google/cloud/bigquery/__init__.py"],
    "scikit_learn-1.9.1": [
        "sklearn/__init__.py",
        "sklearn/_isotonic.cpython-312-x86_64-linux-gnu.so",
        "../../../bin/tool.py",
        "scikit_learn-1.9.1.dist-info/METADATA",
    ],
    "six-1.17.0": ["six.py", "__pycache__/six.cpython-312.pyc"],
    "cffi-2.1": ["_cffi_backend.cpython-312-x86_64-linux-gnu.so", "cffi/__init__.py"],
    "kfp-2.17.0": ["kfp/__init__.py"],
}


@pytest.fixture
def venv(tmp_path) -> Path:
    for name, paths in INSTALLED.items():
        record = tmp_path / "lib" / "python3.12" / "site-packages" / f"{name}.dist-info" / "RECORD"
        record.parent.mkdir(parents=True)
        record.write_text("".join(f"{path},sha256=x,1\n" for path in paths))
    return tmp_path


def test_names_are_the_shortest_prefixes_that_tell_distributions_apart(venv):
    found = manifest.read_installed_imports(venv, without={"kfp"})

    assert {prefix: distribution.name for prefix, distribution in found.items()} == {
        "google.cloud.storage": "google-cloud-storage",
        "google.cloud._shared": "google-cloud-storage",
        "google.cloud.bigquery": "google-cloud-bigquery",
        "sklearn": "scikit-learn",
        "six": "six",
        "_cffi_backend": "cffi",
        "cffi": "cffi",
    }


def test_a_namespace_package_is_not_provided_by_its_only_distribution(tmp_path):
    record = tmp_path / "lib/python3.12/site-packages/protobuf-6.33.dist-info/RECORD"
    record.parent.mkdir(parents=True)
    record.write_text(
        "google/protobuf/__init__.py,,\ngoogle/_upb/_message.abi3.so,,\n"
        "google/_upb/_other.abi3.so,,\n"
    )

    assert set(manifest.read_installed_imports(tmp_path)) == {"google.protobuf", "google._upb"}


def test_versions_come_from_the_installed_distributions(venv):
    found = manifest.read_installed_imports(venv)

    assert found["sklearn"] == Distribution(name="scikit-learn", version="1.9.1")


def test_what_is_written_is_read_again(venv, tmp_path):
    written = Manifest(lock="abc", imports=manifest.read_installed_imports(venv))
    file = tmp_path / "imports.json"
    file.write_text(manifest.format_manifest(written))

    assert manifest.read(file) == written
