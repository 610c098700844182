"""Annotations of functions that KFP reads itself: those of pipelines and of `dsl.component`.

KFP reads annotations as they stand, so it refuses those that are strings, as
`from __future__ import annotations` makes them. While the author's files load, they are resolved
first, as those of kfpkit's components are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from kfp.dsl import component_factory

from kfpkit.authoring import place_of, resolve_annotations


@contextlib.contextmanager
def resolved_annotations() -> Iterator[None]:
    """Let KFP see types in place of strings while a `with` block runs."""
    original = component_factory.extract_component_interface

    def extract(func: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        resolve_annotations(func, place_of(func))
        return original(func, *arguments, **options)

    component_factory.extract_component_interface = extract
    try:
        yield
    finally:
        component_factory.extract_component_interface = original
