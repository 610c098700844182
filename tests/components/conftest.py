"""Tables and other artifacts to hand to components."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from environment_sizes import LARGE

from kfpkit.testing import Artifact

WriteTable = Callable[..., Artifact]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what may have to install a large environment first, before `-m` chooses."""
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if parameters.get("component_environment") in LARGE:
            item.add_marker(pytest.mark.large)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture
def table(tmp_path: Path) -> WriteTable:
    """Return a function that writes columns, or rows, as a Parquet artifact."""

    def write(columns: Mapping[str, list[Any]] | list[dict[str, Any]]) -> Artifact:
        content = pa.Table.from_pylist(columns) if isinstance(columns, list) else pa.table(columns)
        file = tmp_path / f"table-{len(list(tmp_path.glob('table-*')))}"
        pq.write_table(content, file)
        return Artifact(uri=str(file))

    return write


@pytest.fixture
def artifact(tmp_path: Path) -> Callable[[str, Mapping[str, Any]], Artifact]:
    """Return a function that makes an artifact of a name and metadata, without content."""
    return lambda name, metadata: Artifact(uri=str(tmp_path / name), metadata=metadata)


@pytest.fixture
def bucket(google_emulators: Mapping[str, str], request: pytest.FixtureRequest) -> str:
    """Create a bucket of the emulated Cloud Storage for one test. Returns its address."""
    name = re.sub("[^a-z0-9]+", "-", request.node.name)[:60].strip("-")
    creation = urllib.request.Request(
        f"{google_emulators['STORAGE_EMULATOR_HOST']}/storage/v1/b?project=local-project",
        data=json.dumps({"name": name}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(creation) as answer:
        assert answer.status == 200
    return f"gs://{name}"
