"""The components of a compiled pipeline, with the files that they ship."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from kfpkit.bundle import decode
from kfpkit.runs.record import Component
from kfpkit.specification import ComponentSpec, ContainerSpec, ExecutorSpec

_PREFIX = "comp-"
_IMPORTER = "importer"
_FUNCTION = "--function_to_execute"


def name_component(name: str) -> str:
    """Return the display name of a component.

    Args:
        name: Its name in the compiled pipeline.
    """
    return name.removeprefix(_PREFIX)


def describe_components(
    components: Mapping[str, ComponentSpec],
    executors: Mapping[str, ExecutorSpec],
    environment: Callable[[str], str],
) -> dict[str, Component]:
    """Return the components of a pipeline that run a container, by name.

    Args:
        components: The `ComponentSpec`s by name.
        executors: The executors by label.
        environment: Returns the name of what an image runs in.
    """
    return {
        name_component(name): _describe(executors[component.executor_label], environment)
        for name, component in sorted(components.items())
        if component.executor_label in executors
    }


def _describe(executor: ExecutorSpec, name_environment: Callable[[str], str]) -> Component:
    if not executor.HasField("container"):
        return Component(environment=_IMPORTER)
    environment = name_environment(executor.container.image)
    payload = decode(executor.container.command)
    if payload is None:
        function = _read_function(executor.container)
        return Component(function=function, environment=environment)
    return Component(
        module=payload.module,
        function=payload.function,
        environment=environment,
        bundle=payload.digest,
        files={
            path: hashlib.sha256(content).hexdigest() for path, content in payload.files.items()
        },
    )


def _read_function(container: ContainerSpec) -> str | None:
    """Return the function's name of a Python component that KFP's own compiler wrote."""
    given: Sequence[str] = [*container.command, *container.args]
    place = given.index(_FUNCTION) + 1 if _FUNCTION in given else len(given)
    return given[place] if place < len(given) else None
