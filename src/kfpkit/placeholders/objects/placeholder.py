"""Names and values of packages that aren't installed.

Every placeholder is a class with the metaclass `Placeholder`. Annotations, base classes, `except`,
`isinstance`, `match`, `copy` and the `typing` module accept real classes without special code. An
operation with any possible result returns another placeholder. An operation that needs a real
object is refused.

The author's own subclasses have the metaclass too. They are ordinary classes with instances and
working methods, and missing attributes are placeholders.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Iterable
from types import FrameType
from typing import Any, Protocol

from kfpkit.placeholders import load
from kfpkit.placeholders.objects import asking
from kfpkit.placeholders.objects.making import call, make, make_attribute
from kfpkit.placeholders.objects.operations import install
from kfpkit.placeholders.objects.origin import ORIGIN, Origin
from kfpkit.placeholders.objects.refusals import refuse_value

__tracebackhide__ = True  # pytest shows the line that asks

MARK = "<kfpkit placeholder "
"""How a placeholder describes itself to libraries; no compiled file holds it."""

# Libraries look for these in whatever they are handed.
_PROBES = frozenset({"_fields", "_is_protocol", "_pytestfixturefunction", "pytestmark"})
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, type(None))


def is_hidden(name: str) -> bool:
    """Return whether placeholders lack an attribute because Python or a library looks for it."""
    return name in _PROBES or (name.startswith("__") and name.endswith("__"))


def _class_of(cls: Any) -> type:
    """Refuse the class of a value if a decision depends on it."""
    if _is_value(cls) and asking.reads_class(sys._getframe(1)):
        raise refuse_value(origin_of(cls), "the type", sys._getframe(1))
    return type(cls)


class Placeholder(type(Protocol)):  # type: ignore[misc]
    """The class of all placeholders. Like that of protocols, it is compatible with ABCs."""

    # `isinstance` reads it where the type itself does not match.
    __class__ = property(_class_of)

    def __getattr__(cls, name: str) -> Any:
        """Return another placeholder. Of the author's classes, libraries see real attributes."""
        asker = sys._getframe(1)
        if is_hidden(name) or not (is_bare(cls) or load.is_authors(asker)):
            text = f"type object '{cls.__name__}' has no attribute '{name}'"
            raise AttributeError(text, name=name, obj=cls)
        if asking.doubts(asker):
            raise refuse_value(origin_of(cls).attribute(name), "the existence", asker)
        return make_attribute(origin_of(cls), name)

    def __setattr__(cls, name: str, value: Any) -> None:
        """Ignore the assignment during a load, because later reads may return something else."""
        if not is_bare(cls) or load.find_current() is None:
            super().__setattr__(name, value)

    def __delattr__(cls, name: str) -> None:
        """Ignore the deletion during a load."""
        if not is_bare(cls) or load.find_current() is None:
            super().__delattr__(name)

    def __call__(cls, /, *args: Any, **kwargs: Any) -> Any:
        """Return the decorated object, or a placeholder. The author's classes create instances."""
        if not is_bare(cls) or issubclass(cls, BaseException):
            return super().__call__(*args, **kwargs)
        return call(origin_of(cls), args, kwargs, sys._getframe(1))

    def __getitem__(cls, key: Any) -> Any:
        """Return another placeholder. The author's generic classes are subscripted."""
        if not is_bare(cls):
            for base in cls.__mro__:
                if "__class_getitem__" in base.__dict__:
                    return base.__dict__["__class_getitem__"].__get__(None, cls)(key)
        return make(origin_of(cls).item())

    def __instancecheck__(cls, instance: Any) -> bool:
        """Answer for names as for classes. Only subclasses of the author have instances."""
        if not is_bare(cls):
            return bool(super().__instancecheck__(instance))
        asker = sys._getframe(1)
        unknown = is_bare(instance) and load.is_authors(asker)
        if unknown or not origin_of(cls).is_name:
            raise refuse_value(origin_of(instance if unknown else cls), "the type", asker)
        return type.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        """Answer as for classes."""
        if is_bare(cls):
            return type.__subclasscheck__(cls, subclass)
        return bool(super().__subclasscheck__(subclass))

    def __or__(cls, other: Any) -> Any:
        """Create a union of types, or another placeholder if one operand is a value."""
        union = NotImplemented if _is_value(cls) or _is_value(other) else type.__or__(cls, other)
        is_open = union is NotImplemented and is_bare(cls)
        return make(origin_of(cls).operation("|", other)) if is_open else union

    def __ror__(cls, other: Any) -> Any:
        """Create a union of types, or another placeholder if one operand is a value."""
        union = NotImplemented if _is_value(cls) else type.__ror__(cls, other)
        is_open = union is NotImplemented and is_bare(cls)
        return make(origin_of(cls).reflected("|", other)) if is_open else union

    def __eq__(cls, other: object) -> Any:
        """Compare with plain values and other placeholders. Nothing else is equal."""
        same = _compare(cls, other, sys._getframe(1))
        return make(origin_of(cls).operation("==", other)) if same is None else same

    def __ne__(cls, other: object) -> Any:
        """Compare as `==` does."""
        same = _compare(cls, other, sys._getframe(1))
        if same is None:
            return make(origin_of(cls).operation("!=", other))
        return same if same is NotImplemented else not same

    def __hash__(cls) -> int:
        """Distinguish placeholders. Whether a set contains an equal value is unknown."""
        if _is_value(cls) and asking.looks_up(sys._getframe(1)):
            raise refuse_value(origin_of(cls), "the hash value", sys._getframe(1))
        return type.__hash__(cls)

    def __bool__(cls) -> bool:
        """Refuse the author's code. A library gets true for a name, because the class exists."""
        asker = sys._getframe(1)
        if is_bare(cls) and (_is_value(cls) or load.is_authors(asker)):
            raise refuse_value(origin_of(cls), "the truth value", asker)
        return True

    def __str__(cls) -> str:
        """Refuse a string, which could reach a pipeline."""
        if is_bare(cls):
            raise refuse_value(origin_of(cls), "the text", sys._getframe(1))
        return type.__repr__(cls)

    def __repr__(cls) -> str:
        """Describe a placeholder to libraries and debuggers, and refuse the author's lines."""
        if not is_bare(cls):
            return type.__repr__(cls)
        asker = sys._getframe(1)
        if load.find_current() is not None and load.is_authors(asker):
            raise refuse_value(origin_of(cls), "the text", asker)
        return describe(cls)

    def __dir__(cls) -> Iterable[str]:
        """Refuse the names during a load, because a loop may iterate over them."""
        if is_bare(cls) and load.find_current() is not None:
            raise refuse_value(origin_of(cls), "the names", sys._getframe(1))
        return type.__dir__(cls)

    @property
    def register(cls) -> Any:
        """Return a placeholder instead of the method of ABCs, because packages use this name."""
        if is_bare(cls):
            return make_attribute(origin_of(cls), "register")
        return ABCMeta.register.__get__(cls)


def is_bare(value: object) -> bool:
    """Return whether a value is a placeholder, not a class of the author."""
    return type(value) is Placeholder and ORIGIN in value.__dict__


def origin_of(value: Any) -> Origin:
    """Return the origin of a placeholder, or of a class of the author or an instance of it."""
    cls = value if isinstance(value, Placeholder) else type(value)
    origin: Origin = type.__getattribute__(cls, ORIGIN)
    if cls is value:
        return origin if is_bare(cls) else origin.of_class(cls.__name__)
    return origin.of_class(cls.__name__).call(arguments=True, holds_code=False)


def describe(value: Any) -> str:
    """Describe a placeholder, or an instance of a class below one."""
    origin = origin_of(value)
    return f"{MARK}{origin.package.name}: {origin}>"


def _is_value(value: Any) -> bool:
    return is_bare(value) and not origin_of(value).is_name


def _compare(cls: Any, other: object, asker: FrameType) -> Any:
    """Compare as classes do. None if the result may be anything."""
    if not is_bare(cls) or (cls is other and not _is_value(cls) and not asking.compares(asker)):
        return type.__eq__(cls, other)
    if is_bare(other):
        return None if load.is_authors(asker) else cls is other
    return None if isinstance(other, _PLAIN) else NotImplemented


install(Placeholder, origin_of, make)
