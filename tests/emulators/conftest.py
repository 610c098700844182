"""Emulators that run once for all tests of this folder, and real clients of them."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import bigquery, storage

from kfpkit.emulators import emulators
from kfpkit.helpers.clients import bigquery_client, storage_client
from kfpkit.project.project import Project, find_project

REPOSITORY = Path(__file__).parents[2]


def _project(root: Path) -> Project:
    """Make a project of its own in `root` that has the repository's environments."""
    return dataclasses.replace(find_project(REPOSITORY), root=root)


@pytest.fixture
def own_project(tmp_path: Path) -> Project:
    return _project(tmp_path)


@pytest.fixture(scope="session")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run both emulators for the session."""
    root = tmp_path_factory.mktemp("emulators")
    with emulators(["bigquery"], project=_project(root), log_folder=root / "logs") as variables:
        yield dict(variables)


@pytest.fixture
def _environment(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def warehouse(_environment: None) -> Iterator[bigquery.Client]:
    client = bigquery_client()
    yield client
    client.close()


@pytest.fixture
def dataset(warehouse: bigquery.Client) -> str:
    return warehouse.create_dataset(f"d{uuid.uuid4().hex}").dataset_id


@pytest.fixture
def objects(_environment: None) -> Iterator[storage.Client]:
    client = storage_client()
    yield client
    client.close()


@pytest.fixture
def bucket(objects: storage.Client) -> storage.Bucket:
    return objects.create_bucket(f"b-{uuid.uuid4().hex}")
