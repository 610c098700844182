"""The specification in a job, without parsing all of it: its tasks, and what identifies them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, kw_only=True)
class JobTask:
    """A task of a job's specification.

    Args:
        name: Its name in its graph.
        component: The name of its component.
        graph: The component that the graph is in. Empty for the root.
    """

    name: str
    component: str
    graph: str


class JobSpecification:
    """The specification in a `PipelineJob`.

    Args:
        struct: The message's `pipeline_spec`.
    """

    def __init__(self, struct: Any) -> None:
        self.struct = struct
        """The message's `pipeline_spec`."""
        self._containers: dict[str, Any] = {}
        self._names: dict[str, tuple[list[str], list[str]]] = {}
        self._bases: dict[str, str] = {}
        self._tasks: dict[str, list[JobTask]] = {}
        for task in self._list_tasks():
            self._tasks.setdefault(task.name, []).append(task)

    @cached_property
    def pipeline(self) -> str:
        """The pipeline's name."""
        info = _open(self.struct, "pipelineInfo")
        return "" if info is None else str(info.fields["name"].string_value)

    def find_tasks(self, name: str) -> list[JobTask]:
        """Return the tasks with a name. Several only in pipelines that are used as components.

        Args:
            name: The name.
        """
        return self._tasks.get(name, [])

    def find_container(self, component: str) -> Any:
        """Return the container of a component. None for an importer or a graph.

        Args:
            component: The component's name.
        """
        if component not in self._containers:
            self._containers[component] = self._find_container(component)
        return self._containers[component]

    def _find_container(self, component: str) -> Any:
        found = _open(self.struct, "components", component)
        label = "" if found is None else found.fields["executorLabel"].string_value
        return _open(self.struct, "deploymentSpec", "executors", label, "container")

    def find_base(self, component: str) -> str:
        """Return the digest of what identifies a component: everything in the key but inputs.

        These are, by the documentation, the names of outputs, and the image, command, arguments and
        environment variables.

        Args:
            component: The component's name.
        """
        if component not in self._bases:
            self._bases[component] = self._compute_base(component)
        return self._bases[component]

    def list_inputs(self, component: str) -> tuple[list[str], list[str]]:
        """Return the names of the parameters and artifacts that a component takes.

        Args:
            component: The component's name.
        """
        if component not in self._names:
            self._names[component] = self._list_names(component, "inputDefinitions")
        return self._names[component]

    def _compute_base(self, component: str) -> str:
        container = self.find_container(component)
        outputs = self._list_names(component, "outputDefinitions")
        content = hashlib.sha256(repr(outputs).encode())
        for key in ("image", "command", "args", "env"):
            value = None if container is None else container.fields.get(key)
            content.update(f"\0{key}\0".encode())
            if value is not None:
                content.update(value.SerializeToString(deterministic=True))
        return content.hexdigest()

    def _list_names(self, component: str, side: str) -> tuple[list[str], list[str]]:
        found = [
            _open(self.struct, "components", component, side, kind)
            for kind in ("parameters", "artifacts")
        ]
        parameters, artifacts = ([] if each is None else sorted(each.fields) for each in found)
        return parameters, artifacts

    def _list_tasks(self) -> Iterator[JobTask]:
        components = _open(self.struct, "components")
        every = {} if components is None else dict(components.fields)
        graphs = {"": _open(self.struct, "root", "dag", "tasks")}
        graphs |= {name: _open(value.struct_value, "dag", "tasks") for name, value in every.items()}
        for graph, tasks in graphs.items():
            for name, task in () if tasks is None else tasks.fields.items():
                reference = _open(task.struct_value, "componentRef")
                if reference is not None:
                    component = reference.fields["name"].string_value
                    yield JobTask(name=name, component=component, graph=graph)


def _open(struct: Any, *path: str) -> Any:
    """Return a mapping in a `Struct`. None if it doesn't exist."""
    for key in path:
        if key not in struct.fields or not struct.fields[key].HasField("struct_value"):
            return None
        struct = struct.fields[key].struct_value
    return struct
