"""One call of a component: its executor input, its command, and its outputs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from kfpkit.errors import TaskValuesError
from kfpkit.local.launching import Execution, TaskVariables
from kfpkit.specification import (
    ComponentSpec,
    ContainerSpec,
    ImporterSpec,
    artifacts_in,
    local_path,
    make_artifact,
    report_suffix,
)
from kfpkit.specification.execution import (
    ExecutorInput,
    Job,
    add_defaults,
    fill,
    fill_all,
    make_executor_answers,
    make_executor_input,
    normalise_value,
    read_executor_output,
    resolve_parts,
)


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """A task's component, with its inputs and the place of its outputs.

    Args:
        component: The `ComponentSpec`.
        arguments: The inputs that the task passes, by name.
        path: The names of the loops and pipelines around the task, then its own.
        job: The run.
        root: The folder for its outputs. No other task uses it.
    """

    component: ComponentSpec
    arguments: Mapping[str, Any]
    path: tuple[str, ...]
    job: Job
    root: Path

    @property
    def task(self) -> str:
        """The task's name."""
        return self.path[-1]

    @property
    def given(self) -> Mapping[str, Any]:
        """The inputs that the task passes, except those that are None."""
        return {name: value for name, value in self.arguments.items() if value is not None}

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The inputs by name, with defaults and filled-in placeholders."""
        answers = self.job.answers(self.path)
        values = {
            name: value if name in self.given else fill_all(value, answers)
            for name, value in add_defaults(self.given, self.component).items()
        }
        return {name: self.job.place(value) for name, value in values.items()}

    @cached_property
    def executor_input(self) -> ExecutorInput:
        """KFP's executor input, as JSON values."""
        return make_executor_input(self.component, self.values, self.root)

    def command(self, container: ContainerSpec) -> list[str]:
        """Return the command of a container, with filled-in placeholders.

        Args:
            container: The `PipelineContainerSpec`.

        Raises:
            TaskValuesError: A placeholder names an input or output that doesn't exist.
            RunFolderError: The workspace can't be created.
        """
        answers = {**self.job.answers(self.path), **make_executor_answers(self.executor_input)}
        with self._reading("inputs"):
            parts = resolve_parts((*container.command, *container.args), self.given)
            return [fill(self.job.place(part), answers) for part in parts]

    def execution(
        self,
        container: ContainerSpec,
        *,
        folder: Path,
        log: Path,
        variables: TaskVariables,
        reads: Sequence[Path] = (),
    ) -> Execution:
        """Return the command of a container with everything that it needs. Raises like `command`.

        Args:
            container: The `PipelineContainerSpec`.
            folder: Its working directory.
            log: The file to append its output to.
            variables: Its own environment variables.
            reads: Files and folders that it reads in addition to its inputs.
        """
        command = self.command(container)
        workspace = [self.job.workspace] if self.job.workspace.exists() else []
        return Execution(
            command=command,
            variables=variables,
            folder=folder,
            log=log,
            reads=[*reads, *self.inputs()],
            writes=[self.root, *workspace],
            keeps_entrypoint=not container.command,
        )

    def inputs(self) -> list[Path]:
        """Return the files and folders of this machine that the task reads."""
        artifacts = [each for value in self.arguments.values() for each in artifacts_in(value)]
        return [path.absolute() for path in map(local_path, artifacts) if path is not None]

    def outputs(self) -> dict[str, Any]:
        """Return the task's outputs.

        Raises:
            UnwrittenOutputError: The task didn't write an output parameter.
            TaskValuesError: The task wrote a value that doesn't have the declared type.
        """
        with self._reading("outputs"):
            return read_executor_output(self.component, self.executor_input, task=self.task)

    def reports(self) -> dict[str, Any]:
        """Return the HTML and Markdown artifacts that the task has written, even if it failed."""
        described = self.executor_input["outputs"]["artifacts"]
        artifacts = {name: make_artifact(each["artifacts"][0]) for name, each in described.items()}
        return {name: each for name, each in artifacts.items() if report_suffix(each)}

    def imported(self, importer: ImporterSpec) -> dict[str, Any]:
        """Return the output of a `dsl.importer` task, which doesn't start a process.

        Args:
            importer: The `ImporterSpec`.

        Raises:
            TaskValuesError: Its address or metadata can't be filled in.
        """
        answers = {**self.job.answers(self.path), **make_executor_answers(self.executor_input)}
        with self._reading("inputs"):
            if importer.artifact_uri.WhichOneof("value") == "constant":
                uri = fill(importer.artifact_uri.constant.string_value, answers)
            else:
                uri = self.values[importer.artifact_uri.runtime_parameter]
            metadata = fill_all(json_format.MessageToDict(importer.metadata), answers)
            artifact = make_artifact(
                {
                    "name": "artifact",
                    "uri": uri,
                    "metadata": normalise_value(metadata),
                    "type": {"schemaTitle": importer.type_schema.schema_title},
                }
            )
        return {"artifact": artifact}

    @contextlib.contextmanager
    def _reading(self, values: str) -> Iterator[None]:
        """Turn invalid values into an error of kfpkit."""
        try:
            yield
        except (LookupError, TypeError, ValueError, OSError, json_format.Error) as error:
            kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
            cause = f"{kind}{error}".removesuffix(".")
            raise TaskValuesError(task=self.task, values=values, cause=cause) from error


def own_variables(container: ContainerSpec) -> dict[str, str]:
    """Return the environment variables that a task sets.

    Args:
        container: The `PipelineContainerSpec`.
    """
    return {each.name: each.value for each in container.env}
