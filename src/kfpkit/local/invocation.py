"""One call of a component: KFP's executor input, the command with it, and the outputs after it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from kfp import dsl
from kfp.dsl import constants
from kfp.dsl.executor import create_artifact_instance
from kfp.local import executor_input_utils, executor_output_utils, placeholder_utils
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.errors import TaskValuesError
from kfpkit.local.arguments import whole_numbers
from kfpkit.local.artifacts import artifacts_in, local_path
from kfpkit.local.execution import Execution
from kfpkit.local.run_folder import writing

_TYPES = pipeline_spec_pb2.ParameterType


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """A task's component with its inputs, and where its outputs go.

    Args:
        component: The `ComponentSpec`.
        arguments: The inputs by name.
        task: The task's name in its graph.
        run: The name of the run.
        root: The folder for its outputs, of this task alone.
        pipeline_root: The folder for the outputs of all tasks.
        workspace: The folder that the run's tasks share, if they ask for one.
    """

    component: Any
    arguments: Mapping[str, Any]
    task: str
    run: str
    root: Path
    pipeline_root: Path
    workspace: Path

    def executor_input(self) -> Any:
        """Return KFP's `ExecutorInput`.

        Raises:
            TaskValuesError: An argument is none that the component takes.
            RunFolderError: The workspace cannot be made.
        """
        with self._reading("inputs"):
            message = executor_input_utils.construct_executor_input(
                component_spec=self.component,
                arguments={name: self._placed(value) for name, value in self.arguments.items()},
                task_root=str(self.root),
                block_input_artifact=False,
            )
        values = message.inputs.parameter_values
        for name in [name for name, value in values.items() if value.WhichOneof("kind") is None]:
            del values[name]  # an optional parameter that nobody gave
        return message

    def executor_values(self) -> dict[str, Any]:
        """Return the executor input as the values that placeholders read; raises as it does."""
        message = self.executor_input()
        with self._reading("inputs"):
            values: dict[str, Any] = executor_input_utils.executor_input_to_dict(
                executor_input=message, component_spec=self.component
            )
        inputs = values.get("inputs", {})
        if "parameterValues" in inputs:
            inputs["parameterValues"] = whole_numbers(inputs["parameterValues"])
        return values

    def command(self, container: Any) -> list[str]:
        """Return the command of a container, with everything in its placeholders.

        Args:
            container: The `PipelineContainerSpec`.

        Raises:
            TaskValuesError: An argument is none that the component takes, or a placeholder none
                that KFP knows.
            RunFolderError: The workspace cannot be made.
        """
        template = [self._placed(part) for part in (*container.command, *container.args)]
        values = self.executor_values()
        with self._reading("inputs"):
            command: list[str] = placeholder_utils.replace_placeholders(
                full_command=template,
                executor_input_dict=values,
                pipeline_resource_name=self.run,
                task_resource_name=self.task,
                pipeline_root=str(self.pipeline_root),
                unique_pipeline_id=self.run,
            )
        return command

    def execution(
        self,
        container: Any,
        *,
        folder: Path,
        log: Path,
        variables: Mapping[str, str],
        reads: Sequence[Path] = (),
    ) -> Execution:
        """Return the command of a container with all that it needs; raises as `command` does.

        Args:
            container: The `PipelineContainerSpec`.
            folder: Its working directory.
            log: The file that its output is added to.
            variables: Its environment variables.
            reads: Files and folders that it reads beside its inputs.
        """
        command = self.command(container)
        workspace = [self.workspace] if self.workspace.exists() else []
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
        """Return what the task put out.

        Raises:
            TaskValuesError: It wrote what cannot be read as its component declares it.
        """
        message = self.executor_input()
        with self._reading("outputs"):
            outputs: dict[str, Any] = executor_output_utils.get_outputs_for_task(
                executor_input=message, component_spec=self.component
            )
        declared = self.component.output_definitions.parameters
        return {
            name: whole_numbers(value)
            if name in declared and declared[name].parameter_type != _TYPES.NUMBER_DOUBLE
            else value
            for name, value in outputs.items()
        }

    def _placed(self, value: Any) -> Any:
        """Put the workspace's folder where text asks for it; KFP would ask a global for it."""
        if not isinstance(value, str):
            return value
        for placeholder in (dsl.WORKSPACE_PATH_PLACEHOLDER, constants.WORKSPACE_MOUNT_PATH):
            if placeholder in value:
                with writing(self.workspace):
                    self.workspace.mkdir(parents=True, exist_ok=True)
                value = value.replace(placeholder, str(self.workspace))
        return value

    def imported(self, importer: Any) -> dict[str, Any]:
        """Return the output of a `dsl.importer` task, which no process runs for.

        Args:
            importer: The `ImporterSpec`.

        Raises:
            TaskValuesError: Its address or its metadata cannot be filled in.
        """
        values = self.executor_values()
        names = {
            "executor_input_dict": values,
            "pipeline_resource_name": self.run,
            "task_resource_name": self.task,
            "pipeline_root": str(self.pipeline_root),
            "pipeline_job_id": self.run,
            "pipeline_task_id": self.task,
        }
        resolve = placeholder_utils.recursively_resolve_json_dict_placeholders
        with self._reading("inputs"):
            metadata = resolve(json_format.MessageToDict(importer.metadata), **names)
            if importer.artifact_uri.WhichOneof("value") == "constant":
                uri = importer.artifact_uri.constant.string_value
            else:
                uri = values["inputs"]["parameterValues"]["uri"]
            artifact = create_artifact_instance(
                {
                    "name": "artifact",
                    "uri": uri,
                    "metadata": whole_numbers(metadata),
                    "type": {"schemaTitle": importer.type_schema.schema_title},
                }
            )
        return {"artifact": artifact}

    @contextlib.contextmanager
    def _reading(self, values: str) -> Iterator[None]:
        """Turn what KFP raises over values that it cannot take into an error of ours."""
        try:
            yield
        except (
            *(ArithmeticError, LookupError, TypeError, ValueError),
            *(OSError, json_format.Error),
        ) as error:
            cause = f"{type(error).__name__}: {error}".removesuffix(".")
            raise TaskValuesError(task=self.task, values=values, cause=cause) from error


def own_variables(container: Any) -> dict[str, str]:
    """Return the environment variables that a task sets itself.

    Args:
        container: The `PipelineContainerSpec`.
    """
    return {each.name: each.value for each in container.env}
