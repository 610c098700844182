"""Processes of an environment, as a local run starts them, and what each of them used."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kfpkit.authoring import Component, active_project
from kfpkit.environments import find_environment
from kfpkit.local.launching import Execution, TaskVariables, launcher_for
from kfpkit.local.tasks import Invocation
from kfpkit.project.project import Project
from kfpkit.specification import make_artifact, read_executors
from kfpkit.specification.execution import Job

SCRIPTS = Path(__file__).parent / "in_environment"


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a process used.

    Args:
        seconds: The time from its start to its end.
        processor: The processor time of all its threads and processes, in seconds.
        memory: Its largest resident memory, in MB.
    """

    seconds: float
    processor: float
    memory: float


@dataclass(frozen=True, kw_only=True)
class Task:
    """A component with its inputs.

    Args:
        component: The component.
        values: Its parameters.
        artifacts: The path of each artifact that it reads, or its metadata.
    """

    component: Component
    values: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, Path | Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Where processes run.

    Args:
        project: The project with the environments.
        folder: Where they write.
        sources: The environment variables of scripts, which read helpers from this repository.
        variables: The environment variables of components and scripts.
    """

    project: Project
    folder: Path
    sources: Mapping[str, str]
    variables: Mapping[str, str] = field(default_factory=dict)

    def run_task(self, task: Task, name: str) -> tuple[Used, dict[str, Path]]:
        """Run a component. Returns what it used, and the paths of its artifacts."""
        with active_project(self.project):
            spec = task.component.pipeline_spec
        (executor,) = read_executors(spec).values()
        (interface,) = spec.components.values()
        folder = self._make_folder(name)
        kinds = interface.input_definitions.artifacts
        read = {
            key: _make_artifact(key, value, kinds[key].artifact_type)
            for key, value in task.artifacts.items()
        }
        invocation = Invocation(
            component=interface,
            arguments={**task.values, **read},
            path=(name,),
            job=Job.create(name, root=folder, workspace=folder / "workspace"),
            root=folder / "outputs",
        )
        (folder / "outputs").mkdir()
        command = invocation.command(executor.container)
        used = self._run(executor.container.image, command, folder, self.variables)
        outputs = interface.output_definitions.artifacts
        return used, {key: folder / "outputs" / key for key in outputs}

    def run_script(self, environment: str, script: str, *arguments: str | Path) -> Used:
        """Run a script of `in_environment` with the packages of an environment."""
        image = find_environment(self.project, environment).image
        command = ["python3", str(SCRIPTS / f"{script}.py"), *map(str, arguments)]
        variables = {**self.variables, **self.sources}
        return self._run(image, command, self._make_folder(script), variables)

    def _make_folder(self, name: str) -> Path:
        number = len(list(self.folder.glob(f"{name}-*")))
        folder = self.folder / f"{name}-{number}"
        folder.mkdir()
        return folder

    def _run(
        self, image: str, command: list[str], folder: Path, variables: Mapping[str, str]
    ) -> Used:
        log, work = folder / "log.txt", folder / "work"
        work.mkdir()
        given = TaskVariables(run=variables)
        execution = Execution(command=command, variables=given, folder=work, log=log)
        with launcher_for(self.project, containers=False) as launcher:
            launcher.check([image])
            launcher.prepare([image], logs=folder)
            with launcher.ready(image, scratch=folder) as launch:
                begin = time.perf_counter()
                ending = launch(execution)
                seconds = time.perf_counter() - begin
        if ending is None or ending.failure:
            sys.exit(f"{folder.name} failed:\n{log.read_text(encoding='utf-8')}")
        memory, processor = ending.peak_memory or 0, ending.cpu_seconds or 0
        return Used(seconds=seconds, processor=processor, memory=memory / 1e6)


def _make_artifact(name: str, value: Path | Mapping[str, Any], kind: Any) -> Any:
    uri, metadata = (str(value), {}) if isinstance(value, Path) else ("", dict(value))
    return make_artifact(
        {
            "name": name,
            "uri": uri,
            "metadata": metadata,
            "type": {"schemaTitle": kind.schema_title, "schemaVersion": kind.schema_version},
        }
    )
