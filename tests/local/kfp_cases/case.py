"""A pipeline of KFP's tests, with what its run gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kfp import dsl
from kfp.dsl.graph_component import GraphComponent


@dataclass(frozen=True, kw_only=True)
class Case:
    """A pipeline with what its run gives.

    Args:
        pipeline: The pipeline.
        parameters: Its parameters as text.
        outputs: The pipeline's outputs.
        tasks: The outputs of single tasks, by name.
        failure: What the failure of one of its tasks has to say, if it fails.
        containers: Whether it has container components.
        file: What the file holds after the run that parameters name as `{file}`.
    """

    pipeline: GraphComponent
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    failure: str = ""
    containers: bool = False
    file: str = ""


class Six(NamedTuple):
    string: str
    integer: int
    decimal: float
    boolean: bool
    a_list: list
    a_dict: dict


class Two(NamedTuple):
    first: str
    second: str


class Artifacts(NamedTuple):
    one: dsl.Artifact
    two: dsl.Dataset


class Mixed(NamedTuple):
    scalar: str
    metrics: dsl.Metrics
    model: dsl.Model
