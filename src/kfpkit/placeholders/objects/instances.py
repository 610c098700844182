"""The base classes of placeholders, and so of the author's subclasses of them.

An instance of such a subclass has the attributes that the author defined. Anything else is unknown:
it is a placeholder, or refused.
"""

from __future__ import annotations

import functools
import inspect
import sys
import typing
from typing import Any, ClassVar

from kfpkit.placeholders import load
from kfpkit.placeholders.objects import asking
from kfpkit.placeholders.objects.making import call, make, make_attribute
from kfpkit.placeholders.objects.operations import install
from kfpkit.placeholders.objects.placeholder import (
    Placeholder,
    describe,
    is_bare,
    is_hidden,
    origin_of,
)
from kfpkit.placeholders.objects.refusals import refuse_call, refuse_value

__tracebackhide__ = True  # pytest shows the line that asks


_GIVEN = "__placeholder_arguments__"


class _Missing(metaclass=Placeholder):
    """The methods of instances of all subclasses."""

    _is_protocol = False  # the metaclass of protocols asks for it

    def __init_subclass__(cls, **_: Any) -> None:
        """Accept class arguments such as `table=True`, which the package itself would read."""
        super().__init_subclass__()

    def __getattr__(self, name: str) -> Any:
        """Return a placeholder for an attribute that the author didn't define."""
        asker = sys._getframe(1)
        if is_hidden(name) or not load.is_authors(asker):
            text = f"'{type(self).__name__}' object has no attribute '{name}'"
            raise AttributeError(text, name=name, obj=self)
        if asking.doubts(asker):
            raise refuse_value(origin_of(self).attribute(name), "the existence", asker)
        return make_attribute(origin_of(self), name)


class MissingObject(_Missing):
    """The base class of names and values that aren't exceptions."""

    def __getattribute__(self, name: str) -> Any:
        """Return attributes that the author set. What the package makes of fields is unknown."""
        value = super().__getattribute__(name)
        if name.startswith("__"):
            return value
        own = super().__getattribute__("__dict__")
        given = own.get(_GIVEN)
        if given is None or name in own or not load.is_authors(sys._getframe(1)):
            return value
        kind = type(self)
        return make_attribute(origin_of(self), name) if name in given | _fields(kind) else value

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Create an instance of a class of the author."""
        above = super().__new__
        return above(cls) if above is object.__new__ else above(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what the package's own class would take."""
        if load.find_current() is None:
            raise refuse_call(origin_of(self), sys._getframe(1))
        self.__dict__[_GIVEN] = frozenset(kwargs)
        _initialise_next(self, MissingObject, args, kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method that the package would run, such as the `forward` of a network."""
        return call(origin_of(self), args, kwargs, sys._getframe(1))

    def __getitem__(self, key: Any) -> Any:
        """Return another placeholder."""
        return make(origin_of(self).item())

    def __eq__(self, other: object) -> Any:
        """Compare by identity."""
        return self is other or NotImplemented

    __hash__ = object.__hash__  # which tells instances apart

    def __bool__(self) -> bool:
        """Answer if the author defines the length."""
        if type(self).__len__ is not MissingObject.__len__:
            return len(self) > 0
        raise refuse_value(origin_of(self), "the truth value", sys._getframe(1))

    def __str__(self) -> str:
        """Refuse a string, which could reach a pipeline."""
        raise refuse_value(origin_of(self), "the text", sys._getframe(1))

    def __repr__(self) -> str:
        """Describe an instance to libraries and debuggers, and refuse the author's lines."""
        asker = sys._getframe(1)
        if load.find_current() is not None and load.is_authors(asker):
            raise refuse_value(origin_of(self), "the text", asker)
        return describe(self)


class MissingError(_Missing, Exception):
    """The base class of exceptions. Their instances are ordinary exceptions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what the package's own class would take."""
        _initialise_next(self, MissingError, args, kwargs)


class MissingWarning(_Missing, Warning):
    """The base class of warnings."""


@functools.lru_cache(maxsize=1024)
def _fields(kind: type) -> frozenset[str]:
    """Return the annotated attributes of the author's classes, which may be fields.

    A package such as pydantic-settings reads their values elsewhere, and uses these as defaults.
    """
    return frozenset(
        name
        for each in kind.__mro__
        if isinstance(each, Placeholder) and not is_bare(each)
        for name, annotation in inspect.get_annotations(each).items()
        if not _is_class_variable(annotation)
    )


def _is_class_variable(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return "ClassVar" in annotation
    return annotation is ClassVar or typing.get_origin(annotation) is ClassVar


def _initialise_next(
    instance: Any, done: type, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Call the next `__init__` if it accepts the arguments, which a mix-in without one wouldn't."""
    order = type(instance).__mro__
    later = order[order.index(done) + 1 :]
    above = next(kind.__dict__["__init__"] for kind in later if "__init__" in kind.__dict__)
    try:
        inspect.signature(above).bind(instance, *args, **kwargs)
    except (TypeError, ValueError):
        return
    if above is not object.__init__:
        above(instance, *args, **kwargs)


install(MissingObject, origin_of, make)
