"""KFP's message types by their names, and what the values in them are."""

from __future__ import annotations

from typing import TypeAlias

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
    "ArtifactTypeSchema",
    "ComponentSpec",
    "ContainerSpec",
    "DagSpec",
    "Document",
    "ExecutorSpec",
    "ImporterSpec",
    "ParameterSpec",
    "ParameterType",
    "PipelineSpec",
    "PipelineTaskSpec",
    "RetryPolicy",
    "TaskParameterSpec",
    "Value",
]

ContainerSpec: TypeAlias = PipelineDeploymentConfig.PipelineContainerSpec
ExecutorSpec: TypeAlias = PipelineDeploymentConfig.ExecutorSpec
ImporterSpec: TypeAlias = PipelineDeploymentConfig.ImporterSpec
ParameterSpec: TypeAlias = ComponentInputsSpec.ParameterSpec
RetryPolicy: TypeAlias = PipelineTaskSpec.RetryPolicy
TaskParameterSpec: TypeAlias = TaskInputsSpec.InputParameterSpec

Value: TypeAlias = object
"""What a task is given or produces: a parameter's value, an artifact, or a list of artifacts."""

Document: TypeAlias = dict[str, "object"]
"""A message as JSON has it."""
