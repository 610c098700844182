"""Compiles a pipeline to YAML, and refuses everything that a cluster couldn't run."""

from __future__ import annotations

from kfpkit.compiler.compiler import compile_pipeline, list_images, to_yaml

__all__ = ["compile_pipeline", "list_images", "to_yaml"]
