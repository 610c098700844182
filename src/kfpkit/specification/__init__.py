"""Compiled pipelines: KFP's messages, and functions that read them."""

from __future__ import annotations

from kfpkit.specification.artifacts import artifacts_in, local_path, make_artifact, report_suffix
from kfpkit.specification.compilation import check_by_kfp, extract_comments
from kfpkit.specification.components import (
    BaseComponent,
    GraphComponent,
    PythonComponent,
    TaskRecorder,
    call_pipeline_function,
    is_pipeline_being_made,
    make_python_component,
    prepare_interfaces,
    read_install_step,
)
from kfpkit.specification.conditions import holds
from kfpkit.specification.constants import DoubtfulNumber, find_doubtful, read_constant
from kfpkit.specification.dependencies import find_dependencies, runs_anyway, sort_tasks
from kfpkit.specification.documents import write_documents
from kfpkit.specification.kubeflow import ClientLogin, find_address, make_api_client
from kfpkit.specification.message_types import (
    Artifact,
    ArtifactTypeSchema,
    ComponentSpec,
    Constant,
    ContainerSpec,
    DagSpec,
    ExecutorSettings,
    ExecutorSpec,
    ImporterSpec,
    ParameterSpec,
    ParameterType,
    PipelineSpec,
    PipelineTaskSpec,
    PlatformSettings,
    RetryPolicy,
    TaskParameterSpec,
    Value,
)
from kfpkit.specification.messages import TIMEOUT, Specification, read_executors, read_specification
from kfpkit.specification.references import find_dangling, find_lost, name_task
from kfpkit.specification.types import is_known, is_output, strip_markers
from kfpkit.specification.values import LARGEST_INTEGER, find_loss

__all__ = [
    "LARGEST_INTEGER",
    "TIMEOUT",
    "Artifact",
    "ArtifactTypeSchema",
    "BaseComponent",
    "ClientLogin",
    "ComponentSpec",
    "Constant",
    "ContainerSpec",
    "DagSpec",
    "DoubtfulNumber",
    "ExecutorSettings",
    "ExecutorSpec",
    "GraphComponent",
    "ImporterSpec",
    "ParameterSpec",
    "ParameterType",
    "PipelineSpec",
    "PipelineTaskSpec",
    "PlatformSettings",
    "PythonComponent",
    "RetryPolicy",
    "Specification",
    "TaskParameterSpec",
    "TaskRecorder",
    "Value",
    "artifacts_in",
    "call_pipeline_function",
    "check_by_kfp",
    "extract_comments",
    "find_address",
    "find_dangling",
    "find_dependencies",
    "find_doubtful",
    "find_loss",
    "find_lost",
    "holds",
    "is_known",
    "is_output",
    "is_pipeline_being_made",
    "local_path",
    "make_api_client",
    "make_artifact",
    "make_python_component",
    "name_task",
    "prepare_interfaces",
    "read_constant",
    "read_executors",
    "read_install_step",
    "read_specification",
    "report_suffix",
    "runs_anyway",
    "sort_tasks",
    "strip_markers",
    "write_documents",
]
