"""From a pipeline to its YAML, with everything refused that a cluster could not run."""

from __future__ import annotations

from kfpkit.compiler.compiler import compile_pipeline, list_images, to_yaml

__all__ = ["compile_pipeline", "list_images", "to_yaml"]
