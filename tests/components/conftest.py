"""A rig that runs one component as a container would: its encoded bundle, in its locked packages.

The component's command is what the compiler writes, but for the interpreter; inputs and outputs go
through KFP's executor. So what is tested is the function, the files that ship with it and the lock.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kfpkit.authoring import Component
from kfpkit.bundle import encode
from kfpkit.config import find_project
from kfpkit.environments import python_of, virtual_environment
from kfpkit.local.emulators import emulators


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """An artifact that goes into a component or came out of it.

    Args:
        uri: Where it is; a path, unless a component wrote something else.
        metadata: Its metadata.
    """

    uri: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where its file or folder is."""
        return Path(self.uri)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows, where it is a table."""
        rows: list[dict[str, Any]] = pq.read_table(self.uri, partitioning=None).to_pylist()
        return rows


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a component's run left behind.

    Args:
        exit_code: 0 if it succeeded.
        log: Everything that it printed.
        artifacts: Its output artifacts, by name.
        parameters: Its output parameters, by name.
    """

    exit_code: int
    log: str
    artifacts: Mapping[str, Artifact]
    parameters: Mapping[str, Any]

    def __getitem__(self, name: str) -> Artifact:
        return self.artifacts[name]


RunComponent = Callable[..., Outcome]
WriteTable = Callable[..., Artifact]


@pytest.fixture
def run_component(tmp_path: Path) -> RunComponent:
    """Return a function that runs a component with arguments by name.

    An `Artifact` is handed over as one, everything else as a parameter; `fails=True` expects the
    task to fail, and `variables` go into its environment.
    """

    def run(
        component: Component,
        *,
        fails: bool = False,
        variables: Mapping[str, str] | None = None,
        **arguments: Any,
    ) -> Outcome:
        folder = tmp_path / f"run-{len(list(tmp_path.glob('run-*')))}"
        (folder / "tmp").mkdir(parents=True)
        outcome = _run(component, arguments, folder, variables or {})
        assert bool(outcome.exit_code) is fails, outcome.log
        return outcome

    return run


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

    def make(name: str, metadata: Mapping[str, Any]) -> Artifact:
        return Artifact(uri=str(tmp_path / name), metadata=metadata)

    return make


@pytest.fixture(scope="session")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Start the emulators on empty data; yields the variables by which clients find them."""
    state = tmp_path_factory.mktemp("google")
    project = dataclasses.replace(find_project(Path(__file__)), root=state)
    with emulators(["bigquery", "storage"], project=project, log_folder=state / "logs") as found:
        yield found


def _run(
    component: Component, arguments: Mapping[str, Any], folder: Path, variables: Mapping[str, str]
) -> Outcome:
    assert component.environment is not None
    python = python_of(virtual_environment(component.environment))
    executor_input = _executor_input(component, arguments, folder)
    command = [str(python) if part == "python3" else part for part in encode(component.bundle)]
    command += ["--executor_input", json.dumps(executor_input)]
    command += ["--function_to_execute", component.python_func.__name__]
    environ = {**os.environ, "TMPDIR": str(folder / "tmp"), **variables}
    process = subprocess.run(
        command, env=environ, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return _outcome(executor_input["outputs"], process)


def _executor_input(
    component: Component, arguments: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    spec = component.component_spec
    given = {name: value for name, value in arguments.items() if isinstance(value, Artifact)}
    artifacts = {
        name: _runtime_artifact(name, spec.inputs[name].type, value.uri, value.metadata)
        for name, value in given.items()
    }
    outputs: dict[str, Any] = {
        "artifacts": {},
        "parameters": {},
        "outputFile": str(folder / "executor_output.json"),
    }
    for name, output in (spec.outputs or {}).items():
        where = str(folder / name)
        if "." in output.type:
            outputs["artifacts"][name] = _runtime_artifact(name, output.type, where, {})
        else:
            outputs["parameters"][name] = {"outputFile": where}
    parameters = {name: value for name, value in arguments.items() if name not in given}
    return {"inputs": {"parameterValues": parameters, "artifacts": artifacts}, "outputs": outputs}


def _runtime_artifact(name: str, kind: str, uri: str, metadata: Mapping[str, Any]) -> Any:
    title, _, version = kind.partition("@")
    schema = {"schemaTitle": title, "schemaVersion": version}
    return {"artifacts": [{"name": name, "type": schema, "uri": uri, "metadata": {**metadata}}]}


def _outcome(outputs: Mapping[str, Any], process: subprocess.CompletedProcess[str]) -> Outcome:
    file = Path(outputs["outputFile"])
    written = json.loads(file.read_text()) if file.exists() else {}
    final = {**outputs["artifacts"], **written.get("artifacts", {})}
    return Outcome(
        exit_code=process.returncode,
        log=process.stdout + process.stderr,
        artifacts={
            name: Artifact(uri=of["artifacts"][0]["uri"], metadata=of["artifacts"][0]["metadata"])
            for name, of in final.items()
        },
        parameters=written.get("parameterValues", {}),
    )
