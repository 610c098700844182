"""Resolves annotations that KFP reads itself: those of pipelines and of `dsl.component`.

KFP doesn't resolve annotations, so it refuses those that are strings, as `from __future__ import
annotations` creates them. While the author's files load, kfpkit resolves them first, as it does for
its own components.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from kfpkit.authoring import find_place, resolve_annotations
from kfpkit.specification import prepare_interfaces


def resolved_annotations() -> AbstractContextManager[None]:
    """Show types instead of strings to KFP while a `with` block runs."""
    return prepare_interfaces(lambda function: resolve_annotations(function, find_place(function)))
