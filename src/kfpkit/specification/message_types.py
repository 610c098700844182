"""KFP's message types by name, and the types of values in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypedDict

from google.protobuf import struct_pb2
from kfp import dsl
from kfp.pipeline_spec.pipeline_spec_pb2 import (
    ArtifactTypeSchema,
    ComponentInputsSpec,
    ComponentSpec,
    DagSpec,
    ParameterType,
    PipelineDeploymentConfig,
    PipelineSpec,
    PipelineTaskSpec,
    TaskInputsSpec,
)

__all__ = [
    "Artifact",
    "ArtifactTypeSchema",
    "ComponentSpec",
    "Constant",
    "ContainerSpec",
    "DagSpec",
    "ExecutorSettings",
    "ExecutorSpec",
    "Function",
    "ImporterSpec",
    "ParameterSpec",
    "ParameterType",
    "PipelineSpec",
    "PipelineTaskSpec",
    "PlatformSettings",
    "RetryPolicy",
    "TaskParameterSpec",
    "Value",
]

Artifact: TypeAlias = dsl.Artifact
Constant: TypeAlias = struct_pb2.Value
ContainerSpec: TypeAlias = PipelineDeploymentConfig.PipelineContainerSpec
ExecutorSpec: TypeAlias = PipelineDeploymentConfig.ExecutorSpec
ImporterSpec: TypeAlias = PipelineDeploymentConfig.ImporterSpec
ParameterSpec: TypeAlias = ComponentInputsSpec.ParameterSpec
RetryPolicy: TypeAlias = PipelineTaskSpec.RetryPolicy
TaskParameterSpec: TypeAlias = TaskInputsSpec.InputParameterSpec

Function: TypeAlias = Callable[..., object]  # type: ignore[explicit-any]
"""A function of any signature."""

Value: TypeAlias = object
"""What a task is given or produces: a parameter's value, an artifact, or a list of artifacts."""


class ExecutorSettings(TypedDict, total=False):
    """A platform's settings for executors, by executor label and key."""

    executors: dict[str, dict[str, Value]]


class PlatformSettings(TypedDict, total=False):
    """The settings of a pipeline for one platform, as JSON."""

    deploymentSpec: ExecutorSettings
    pipelineConfig: dict[str, Value]
