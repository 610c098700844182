"""The types that KFP passes between tasks, as annotations name them."""

from __future__ import annotations

import inspect
import typing

from kfp.dsl.types import type_annotations, type_utils


def strip_markers(annotation: object) -> object:
    """Return the type inside `Optional`, and inside markers of inputs and outputs.

    Args:
        annotation: An annotation of a parameter or an output.
    """
    kind = type_annotations.maybe_strip_optional_from_annotation(annotation)
    if type_annotations.is_Input_Output_artifact_annotation(kind):
        kind = typing.get_args(kind)[0]
        if typing.get_origin(kind) is list:
            kind = typing.get_args(kind)[0]
    return kind


def is_known(kind: type) -> bool:
    """Return whether KFP passes values of a class between tasks.

    Args:
        kind: A class without markers.
    """
    return (
        kind is inspect.Parameter.empty
        or kind is type(None)
        or type_annotations.is_artifact_class(kind)
        or type_utils.get_parameter_type(kind) is not None
        or type_utils.is_task_final_status_type(kind.__name__)
        or type_utils.is_task_config_type(kind.__name__)
    )


def is_output(annotation: object) -> bool:
    """Return whether a parameter's annotation makes it an output artifact.

    Args:
        annotation: The annotation.
    """
    return bool(type_annotations.is_artifact_wrapped_in_Output(annotation))
