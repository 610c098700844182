"""Annotations of functions that KFP reads itself: those of pipelines and of `dsl.component`.

KFP reads annotations as they stand, so it refuses those that are strings, as
`from __future__ import annotations` makes them. While the author's files load, they are resolved
first, as those of kfpkit's components are.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from kfpkit.authoring import find_place, resolve_annotations
from kfpkit.specification import prepare_interfaces


def resolved_annotations() -> AbstractContextManager[None]:
    """Let KFP see types in place of strings while a `with` block runs."""
    return prepare_interfaces(lambda function: resolve_annotations(function, find_place(function)))
