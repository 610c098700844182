"""KFP's components and pipelines as objects, and the points where kfpkit extends KFP."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator

from kfp.dsl import component_factory, pipeline_channel
from kfp.dsl.base_component import BaseComponent
from kfp.dsl.component_decorator import component
from kfp.dsl.graph_component import GraphComponent
from kfp.dsl.pipeline_context import Pipeline
from kfp.dsl.python_component import PythonComponent

from kfpkit.specification.message_types import Function

__all__ = [
    "BaseComponent",
    "GraphComponent",
    "PythonComponent",
    "TaskRecorder",
    "call_pipeline_function",
    "is_pipeline_being_made",
    "make_python_component",
    "prepare_interfaces",
    "read_install_step",
]


def make_python_component(function: Function, options: dict[str, object]) -> PythonComponent:
    """Let KFP create the component of a function.

    Args:
        function: The function.
        options: The other arguments of `dsl.component`.
    """
    return component(function, **options)


def read_install_step(plain: PythonComponent) -> list[str]:
    """Return the commands that KFP runs before its own start-up of a Python component.

    Args:
        plain: The component that KFP created.
    """
    command: list[str] = plain.component_spec.implementation.container.command
    script = next(
        index for index, part in enumerate(command) if component_factory.EXECUTOR_MODULE in part
    )
    return command[: script - len(("sh", "-ec"))]


@contextlib.contextmanager
def prepare_interfaces(prepare: Callable[[Function], None]) -> Iterator[None]:
    """Call `prepare` with each function before KFP reads its interface, while a block runs.

    Args:
        prepare: Called with the function of a component or a pipeline.

    Yields:
        Nothing.
    """
    original: Function = component_factory.extract_component_interface

    def extract(func: Function, *arguments: object, **options: object) -> object:
        prepare(func)
        return original(func, *arguments, **options)

    component_factory.extract_component_interface = extract
    try:
        yield
    finally:
        component_factory.extract_component_interface = original


def is_pipeline_being_made() -> bool:
    """Return whether a pipeline's function is running, so that calls create tasks."""
    return Pipeline.get_default_pipeline() is not None


class TaskRecorder(Pipeline):  # type: ignore[misc]
    """KFP's record of a pipeline's tasks while its function runs.

    Args:
        name: The pipeline's name.
        on_task: Called with the name of each new task.
    """

    def __init__(self, name: str, on_task: Callable[[str], None]) -> None:
        super().__init__(name)
        self._on_task = on_task

    def add_task(self, task: object, add_to_group: bool) -> str:  # noqa: FBT001 - KFP's signature
        """Add a task, and report its name."""
        name = str(super().add_task(task, add_to_group))
        self._on_task(name)
        return name


def call_pipeline_function(pipeline: GraphComponent) -> None:
    """Call a pipeline's function with channels for its parameters, as KFP does.

    Args:
        pipeline: KFP's pipeline object.
    """
    inputs = pipeline.component_spec.inputs or {}
    pipeline.pipeline_func(
        *(
            pipeline_channel.create_pipeline_channel(
                name=name,
                channel_type=inputs[name].type,
                is_artifact_list=inputs[name].is_artifact_list,
            )
            for name in inspect.signature(pipeline.pipeline_func).parameters
        )
    )
