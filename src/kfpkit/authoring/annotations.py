"""Resolves annotations that are strings, as `from __future__ import annotations` creates them.

KFP reads the annotations of a function, and of the fields of a `NamedTuple` that it returns,
without resolving them. This module therefore replaces them in place.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, ForwardRef

from kfpkit.errors import UnresolvedAnnotationError
from kfpkit.place import Place


def resolve_annotations(function: Callable[..., Any], place: Place) -> None:
    """Replace a function's string annotations with the types that they name.

    Args:
        function: The function. It is changed, and so are the functions that its decorators wrap.
        place: The place of the function.

    Raises:
        UnresolvedAnnotationError: An annotation uses a name that is undefined at run time.
    """
    layers = [function]
    while hasattr(layers[-1], "__wrapped__"):
        # KFP reads the signature behind decorators.
        layers.append(layers[-1].__wrapped__)
    try:
        for layer in layers:
            _resolve(layer)
        returned = function.__annotations__.get("return")
        if hasattr(returned, "_fields"):
            _resolve(returned)
    except NameError as error:
        raise UnresolvedAnnotationError(
            place=place, function=function.__name__, name=error.name or str(error)
        ) from None


def _resolve(annotated: Any) -> None:
    written = getattr(annotated, "__annotations__", {})
    if not any(isinstance(annotation, str | ForwardRef) for annotation in written.values()):
        return
    hints = typing.get_type_hints(annotated, include_extras=True)
    annotated.__annotations__ = {
        name: _resolved(annotation, hints[name]) for name, annotation in written.items()
    }


def _resolved(annotation: Any, hint: Any) -> Any:
    if not isinstance(annotation, str | ForwardRef):
        return annotation
    return None if hint is type(None) else hint
