"""Clients for the emulators or for Google, by environment variables alone."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials

from kfpkit.helpers import clients

ADC = {
    "type": "authorized_user",
    "client_id": "id",
    "client_secret": "secret",
    "refresh_token": "token",
    "quota_project_id": "from-credentials",
}


@pytest.fixture
def _emulated(monkeypatch):
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:2")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "local-project")


@pytest.fixture
def _google(monkeypatch, tmp_path):
    for name in ("BIGQUERY_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "adc.json").write_text(json.dumps(ADC))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "real-project")


@pytest.mark.usefixtures("_emulated")
@pytest.mark.parametrize("make", [clients.bigquery_client, clients.storage_client])
def test_emulators_get_no_credentials(make):
    client = make()
    assert isinstance(client._credentials, AnonymousCredentials)
    assert client.project == "local-project"
    assert client._connection.API_BASE_URL.startswith("http://127.0.0.1:")
    assert make(project="other").project == "other"


@pytest.mark.usefixtures("_google")
@pytest.mark.parametrize("make", [clients.bigquery_client, clients.storage_client])
def test_google_gets_the_default_credentials(make):
    client = make()
    assert client._credentials.refresh_token == "token"
    assert client.project == "real-project"
    assert "googleapis.com" in client._connection.API_BASE_URL


@pytest.mark.usefixtures("_emulated")
def test_a_location_is_handed_on():
    assert clients.bigquery_client(location="EU").location == "EU"


def test_the_module_imports_the_standard_library_only_when_it_is_imported():
    tree = ast.parse(Path(clients.__file__).read_text())
    imported = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    roots = {getattr(node, "module", None) or node.names[0].name for node in imported}
    assert roots <= {"__future__", *sys.stdlib_module_names}
