"""The parts of KFP's compiler that kfpkit uses: its comments, and its checks."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from kfp.compiler import Compiler, pipeline_spec_builder

from kfpkit.specification.components import BaseComponent


def extract_comments(spec: Mapping[str, object], description: str | None) -> str:
    """Return the comments that KFP writes at the top of a compiled pipeline.

    Args:
        spec: The pipeline's specification, as JSON has it.
        description: The pipeline's description.
    """
    return str(pipeline_spec_builder.extract_comments_from_pipeline_spec(spec, description))


def check_by_kfp(pipeline: BaseComponent) -> None:
    """Let KFP compile a pipeline too, because it refuses some only then.

    Args:
        pipeline: KFP's pipeline or component object.
    """
    with tempfile.TemporaryDirectory() as folder:
        Compiler().compile(pipeline, str(Path(folder) / "pipeline.yaml"))
