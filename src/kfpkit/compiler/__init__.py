"""Compiles a pipeline to YAML, and refuses everything that a cluster couldn't run."""

from __future__ import annotations

from kfpkit import collector

with collector.paused():  # it would look through all of KFP while these modules are imported
    from kfpkit.compiler.compiler import compile_pipeline, list_images, to_yaml

__all__ = ["compile_pipeline", "list_images", "to_yaml"]
