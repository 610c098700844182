"""The compiled pipeline, as KFP's message objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from google.protobuf import json_format
from kfp.local.utils import struct_to_executor_spec
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.errors import InvalidPipelineFileError, UnsupportedTaskError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_specification(file: Path) -> Any:
    """Read a compiled pipeline.

    Args:
        file: The YAML file; platform settings in its second document have no meaning here.

    Returns:
        The `PipelineSpec`.

    Raises:
        InvalidPipelineFileError: The file holds something else.
    """
    try:
        # A SafeLoader, by libyaml where PyYAML has it: payloads make these files large.
        document = next(yaml.load_all(file.read_text(encoding="utf-8"), Loader=_Loader), None)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidPipelineFileError(file=file, cause=str(error)) from None
    if not isinstance(document, dict):
        raise InvalidPipelineFileError(file=file, cause="it holds no keys with values")
    try:
        spec = json_format.ParseDict(document, pipeline_spec_pb2.PipelineSpec())
    except json_format.ParseError as error:
        raise InvalidPipelineFileError(file=file, cause=str(error)) from None
    if not spec.root.dag.tasks or not spec.pipeline_info.name:
        raise InvalidPipelineFileError(file=file, cause="it has no tasks, or no name")
    return spec


def read_executors(spec: Any, *, containers: bool = False) -> dict[str, Any]:
    """Return a pipeline's executors by label.

    Args:
        spec: The `PipelineSpec`.
        containers: Whether each task runs in its image, which may then hold its code.

    Returns:
        An `ExecutorSpec` for each label.

    Raises:
        UnsupportedTaskError: One of them is no Python function whose code the pipeline carries.
    """
    executors = {
        label: struct_to_executor_spec(executor)
        for label, executor in spec.deployment_spec["executors"].items()
    }
    for label, executor in executors.items():
        if executor.WhichOneof("spec") == "container" and not containers:
            _refuse_container(label, executor.container)
    return executors


def images(executors: Mapping[str, Any]) -> Iterator[str]:
    """Yield the images of a pipeline's containers, each once.

    Args:
        executors: The pipeline's executors.

    Yields:
        The image references.
    """
    yield from dict.fromkeys(
        executor.container.image
        for executor in executors.values()
        if executor.WhichOneof("spec") == "container"
    )


def _refuse_container(label: str, container: Any) -> None:
    cause = None
    if "--function_to_execute" not in container.args:
        cause = "is a container component"
    elif list(container.command)[-3:] == ["python3", "-m", "kfp.dsl.executor_main"]:
        cause = "has its code in its image (a containerized Python component)"
    if cause:
        name = label.removeprefix("exec-")
        raise UnsupportedTaskError(component=name, image=container.image, cause=cause)
