"""Loads pipelines and components from the author's files, even if packages are missing."""

from __future__ import annotations

from kfpkit.loading.pipeline_files import find_pipelines
from kfpkit.loading.pipelines import load_component, load_module, load_pipeline

__all__ = ["find_pipelines", "load_component", "load_module", "load_pipeline"]
