"""The compiled pipeline that runs: compiled now, or by somebody before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kfpkit.compiler import compile_pipeline
from kfpkit.loading import load_pipeline
from kfpkit.scratch import temporary_folder

_YAML = {".yaml", ".yml"}


@contextlib.contextmanager
def compiled(pipeline: Path, name: str | None) -> Iterator[Path]:
    """Have a pipeline's compiled file until the context ends.

    Args:
        pipeline: A folder with a `pipeline.py`, a Python file, or a compiled pipeline.
        name: The pipeline function's name, where a Python file defines several.

    Yields:
        The file.
    """
    if pipeline.suffix in _YAML and not pipeline.is_dir():
        yield pipeline
        return
    with temporary_folder("run") as folder:
        yield compile_pipeline(load_pipeline(pipeline, name), folder / "pipeline.yaml")
