"""The part of kfp that runs in a container, for images that have no kfp."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

RUNTIME_FOLDER = ".runtime"
# What `_KFP_RUNTIME=true` imports; a test compares it with the installed kfp.
_FILES = (
    "__init__.py",
    "dsl/__init__.py",
    "dsl/constants.py",
    "dsl/executor.py",
    "dsl/executor_main.py",
    "dsl/kfp_config.py",
    "dsl/notebook_helpers.py",
    "dsl/task_config.py",
    "dsl/task_final_status.py",
    "dsl/types/__init__.py",
    "dsl/types/artifact_types.py",
    "dsl/types/type_annotations.py",
    "dsl/types/type_utils.py",
    "dsl/utils.py",
    "version.py",
)


@functools.cache
def runtime_files() -> tuple[tuple[str, bytes], ...]:
    """Read kfp's runtime from the installed kfp, as paths of a payload and contents."""
    spec = importlib.util.find_spec("kfp")
    folder = Path((spec and spec.origin) or "").parent
    return tuple((f"{RUNTIME_FOLDER}/kfp/{name}", (folder / name).read_bytes()) for name in _FILES)
