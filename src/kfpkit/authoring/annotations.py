"""Annotations that arrive as text, as `from __future__ import annotations` makes them.

KFP reads a function's annotations, and the fields of a `NamedTuple` that it returns, as they stand;
so they are evaluated in place.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, ForwardRef

from kfpkit.errors import UnresolvedAnnotationError
from kfpkit.place import Place


def resolve_annotations(function: Callable[..., Any], place: Place) -> None:
    """Replace a function's string annotations by the types that they name.

    Args:
        function: The function, which is changed, with those that decorators wrap.
        place: Where it stands.

    Raises:
        UnresolvedAnnotationError: An annotation names what is not defined at run time.
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
