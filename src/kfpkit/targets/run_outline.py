"""What a compiled pipeline tells about its runs, in the form of the record."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format

from kfpkit.errors import DynamicImageError
from kfpkit.runs.outline import describe_components, describe_nodes
from kfpkit.runs.record import Component, Environment, Node, Parameter, Revision
from kfpkit.specification import ExecutorSpec, ParameterType, PipelineSpec, read_executors
from kfpkit.specification.execution import normalise_value

_DIRTY = "-dirty"


@dataclass(frozen=True, kw_only=True)
class RunOutline:
    """What a compiled pipeline tells about its runs.

    Args:
        spec: The compiled pipeline.
        nodes: Its nodes.
        components: Its components by name.
        environments: What its tasks run in, by name.
    """

    spec: PipelineSpec
    nodes: tuple[Node, ...]
    components: dict[str, Component]
    environments: dict[str, Environment]

    def describe_parameters(self, given: Mapping[str, Any]) -> dict[str, Parameter]:
        """Return the parameters of a run.

        Args:
            given: The values that the run was created with.
        """
        declared = self.spec.root.input_definitions.parameters
        return {
            name: Parameter(
                value=normalise_value(
                    given[name] if name in given else json_format.MessageToDict(each.default_value)
                ),
                origin=None if name in given else "default",
                type=ParameterType.ParameterTypeEnum.Name(each.parameter_type),
                about=each.description or None,
            )
            for name, each in sorted(declared.items())
            if name in given or each.HasField("default_value")
        }


def read_outline(content: Mapping[str, Any], name_environment: Callable[[str], str]) -> RunOutline:
    """Read a compiled pipeline.

    Args:
        content: The pipeline, as in JSON. Empty if the target doesn't tell.
        name_environment: Returns the name of what an image runs in.
    """
    spec = json_format.ParseDict(content, PipelineSpec(), ignore_unknown_fields=True)
    executors = _read_executors(spec)
    return RunOutline(
        spec=spec,
        nodes=describe_nodes(spec),
        components=describe_components(spec.components, executors, name_environment),
        environments=_describe_environments(executors, name_environment),
    )


def read_revision(text: str) -> Revision | None:
    """Return the commit that a run was submitted from. None if it isn't known.

    Args:
        text: The commit as labels have it. Empty if it isn't known.
    """
    if not text:
        return None
    return Revision(commit=text.removesuffix(_DIRTY), dirty=text.endswith(_DIRTY))


def _read_executors(spec: PipelineSpec) -> Mapping[str, ExecutorSpec]:
    with contextlib.suppress(DynamicImageError):  # its image is known only while it runs
        return read_executors(spec, containers=True)
    return {}


def _describe_environments(
    executors: Mapping[str, ExecutorSpec], name_environment: Callable[[str], str]
) -> dict[str, Environment]:
    images = [each.container.image for each in executors.values() if each.HasField("container")]
    return {
        name_environment(image): Environment(image=image, digest=image.partition("@")[2] or None)
        for image in images
    }
