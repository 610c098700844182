"""Tables and other artifacts to hand to components, and components called as plain functions."""

from __future__ import annotations

import inspect
import itertools
import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from environment_sizes import LARGE
from kfp import dsl
from kfp.dsl.types.type_annotations import OutputAnnotation

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


@dataclass(frozen=True)
class Called:
    """What a component has returned and written, and the message if it has failed."""

    parameters: Mapping[str, Any]
    artifacts: Mapping[str, Artifact]
    log: str

    def __getitem__(self, name: str) -> Artifact:
        return self.artifacts[name]


@pytest.fixture
def call_component(tmp_path: Path) -> Callable[..., Called]:
    """Return a function that calls a component's function, with the artifacts that KFP would pass.

    Such a test itself runs in the environment, whose process serves them all. The tests that use
    `run_component` show that a component works in a process of its own.
    """
    numbers = itertools.count()

    def call(function: Callable[..., Any], /, *, fails: bool = False, **inputs: Any) -> Called:
        folder = tmp_path / f"call-{next(numbers)}"
        folder.mkdir()
        passed = {
            name: dsl.Artifact(name=name, uri=value.uri, metadata=dict(value.metadata))
            if isinstance(value, Artifact)
            else value
            for name, value in inputs.items()
        }
        outputs = {
            name: parameter.annotation.__origin__(name=name, uri=str(folder / name))
            for name, parameter in inspect.signature(function).parameters.items()
            if OutputAnnotation in getattr(parameter.annotation, "__metadata__", ())
        }
        returned, message = None, ""
        if fails:
            with pytest.raises(Exception) as failed:  # noqa: PT011 - the test looks at its message
                function(**passed, **outputs)
            message = str(failed.value)
        else:
            returned = function(**passed, **outputs)
        parameters = returned._asdict() if hasattr(returned, "_asdict") else {"Output": returned}
        artifacts = {
            name: Artifact(uri=each.uri, metadata=each.metadata) for name, each in outputs.items()
        }
        return Called(parameters, artifacts, message)

    return call


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
