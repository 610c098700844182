"""The compiled pipeline, as KFP's message objects."""

from __future__ import annotations

import graphlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from kfpkit.errors import DynamicImageError, InvalidPipelineFileError, UnsupportedTaskError
from kfpkit.specification.dependencies import find_dependencies
from kfpkit.specification.message_types import (
    ContainerSpec,
    DagSpec,
    ExecutorSettings,
    ExecutorSpec,
    PipelineSpec,
    PlatformSettings,
    Value,
)
from kfpkit.wording import quote_all

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTAINER = "container"
_IMPORTER = "importer"

TIMEOUT = "activeDeadlineSeconds"
"""The setting of the platform `kubernetes` that limits how long a task takes."""


@dataclass(frozen=True, kw_only=True)
class Specification:
    """A compiled pipeline. Each task has its component, each component its graph or executor.

    Args:
        text: The content of its file.
        spec: The `PipelineSpec`.
        executors: An `ExecutorSpec`, of a container or an importer, for each label.
        platforms: The settings for each platform, such as `kubernetes`.
    """

    text: bytes
    spec: PipelineSpec
    executors: Mapping[str, ExecutorSpec]
    platforms: Mapping[str, PlatformSettings] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return str(self.spec.pipeline_info.name)

    @property
    def images(self) -> tuple[str, ...]:
        """The images of its containers, each once."""
        executors = self.executors.values()
        containers = [each.container for each in executors if each.HasField(_CONTAINER)]
        return tuple(dict.fromkeys(container.image for container in containers))

    @property
    def timeouts(self) -> dict[str, float]:
        """The time limits of tasks in seconds, by executor label: `kubernetes.set_timeout`."""
        platform = self.platforms.get("kubernetes", PlatformSettings())
        executors = platform.get("deploymentSpec", ExecutorSettings()).get("executors", {})
        seconds = {label: settings.get(TIMEOUT) for label, settings in executors.items()}
        return {
            label: float(each)
            for label, each in seconds.items()
            if isinstance(each, (int, float, str)) and float(each) > 0
        }


def read_specification(file: Path, *, containers: bool = False) -> Specification:
    """Read a compiled pipeline.

    Args:
        file: The YAML file.
        containers: Whether each task runs in its image, which may then contain its code.

    Returns:
        The pipeline.

    Raises:
        InvalidPipelineFileError: The file can't be read, or isn't a compiled pipeline.
        UnsupportedTaskError: A task isn't a Python function with its code in the pipeline.
        DynamicImageError: The image of a task is known only at run time.
    """
    try:
        text = file.read_bytes()
        document, *others = _read_documents(text)
        spec = json_format.ParseDict(document, pipeline_spec_pb2.PipelineSpec())
        platforms = _read_platforms(others)
        executors = read_executors(spec, containers=containers)
    except OSError as error:
        raise InvalidPipelineFileError(file=file, cause=error.strerror or str(error)) from None
    except (ValueError, yaml.YAMLError, json_format.ParseError) as error:
        raise InvalidPipelineFileError(file=file, cause=str(error)) from None
    fault = next(_find_faults(spec, executors), None)
    if fault is not None:
        raise InvalidPipelineFileError(file=file, cause=fault)
    return Specification(text=text, spec=spec, executors=executors, platforms=platforms)


def read_executors(spec: PipelineSpec, *, containers: bool = False) -> dict[str, ExecutorSpec]:
    """Return a pipeline's executors by label.

    Args:
        spec: The `PipelineSpec`.
        containers: Whether each task runs in its image, which may then contain its code.

    Returns:
        An `ExecutorSpec` for each label.

    Raises:
        json_format.ParseError: They are invalid.
        UnsupportedTaskError: One of them isn't a Python function with its code in the pipeline.
        DynamicImageError: An image is known only at run time.
    """
    document = json_format.MessageToDict(spec.deployment_spec)
    executors = _parse_executors(document)
    for label, executor in executors.items():
        if executor.HasField(_CONTAINER):
            _refuse_container(label, executor.container, containers=containers)
    return executors


def _parse_executors(document: dict[str, Value]) -> dict[str, ExecutorSpec]:
    """Parse executors by label, in order. Those with equal content are parsed once."""
    labels: dict[str, str] = {}
    first: dict[str, str] = {}
    given = document.get("executors")
    if isinstance(given, dict):
        labels = {label: first.setdefault(repr(each), label) for label, each in given.items()}
        document = {**document, "executors": {label: given[label] for label in first.values()}}
    deployment = pipeline_spec_pb2.PipelineDeploymentConfig()
    json_format.ParseDict(document, deployment)
    return {label: deployment.executors[labels[label]] for label in sorted(labels)}


def _read_documents(text: bytes) -> list[dict[str, Value]]:
    # A SafeLoader, by libyaml where PyYAML has it: payloads make these files large.
    documents = list(yaml.load_all(text, Loader=_Loader))
    if not documents or not all(isinstance(document, dict) for document in documents):
        message = "it does not contain keys with values"
        raise ValueError(message)
    return documents


def _read_platforms(documents: Iterable[dict[str, Value]]) -> dict[str, PlatformSettings]:
    """Return the settings for platforms, which KFP writes as a second document."""
    spec = pipeline_spec_pb2.PlatformSpec()
    for document in documents:
        json_format.ParseDict(document, spec)
    return dict(json_format.MessageToDict(spec).get("platforms", {}))


def _find_faults(spec: PipelineSpec, executors: Mapping[str, ExecutorSpec]) -> Iterator[str]:
    """Yield the inconsistencies in a pipeline."""
    if not spec.root.dag.tasks or not spec.pipeline_info.name:
        yield "it has no tasks, or no name"
    for label, executor in executors.items():
        if executor.WhichOneof("spec") not in {_CONTAINER, _IMPORTER}:
            yield f"its executor `{label}` is neither a container nor an importer"
    uses = {}
    for name, component in (("root", spec.root), *sorted(spec.components.items())):
        if component.WhichOneof("implementation") == "dag":
            yield from _find_graph_faults(component.dag, spec.components)
            uses[name] = [task.component_ref.name for task in component.dag.tasks.values()]
        elif component.executor_label not in executors:
            label = component.executor_label
            yield f"its component `{name}` has the executor `{label}`, which it does not contain"
    yield from _find_circle("components use", uses)


def _find_graph_faults(graph: DagSpec, components: Collection[str]) -> Iterator[str]:
    for name, task in sorted(graph.tasks.items()):
        if task.component_ref.name not in components:
            component = task.component_ref.name
            yield f"its task `{name}` uses the component `{component}`, which it does not contain"
    needs = {name: find_dependencies(task) for name, task in sorted(graph.tasks.items())}
    yield from _find_circle("tasks depend on", needs)


def _find_circle(relation: str, needs: Mapping[str, Collection[str]]) -> Iterator[str]:
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError as error:
        names = quote_all(error.args[1])
        yield f"its {relation} each other in a circle: {names}"


def _refuse_container(label: str, container: ContainerSpec, *, containers: bool) -> None:
    name = label.removeprefix("exec-")
    cause = None
    if "{{$" in container.image:
        raise DynamicImageError(component=name, image=container.image)
    if containers:
        return
    if "--function_to_execute" not in container.args:
        cause = "is a container component"
    elif list(container.command)[-3:] == ["python3", "-m", "kfp.dsl.executor_main"]:
        cause = "has its code in its image (a containerized Python component)"
    if cause:
        raise UnsupportedTaskError(component=name, image=container.image, cause=cause)
