"""The origin of a placeholder: its package, and the expression as an author would write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import FrameType, ModuleType
from typing import Any

from kfpkit.placeholders.load import Package

ORIGIN = "__placeholder_origin__"
"""The attribute that holds a placeholder's origin; subclasses have none of their own."""

modules: dict[str, ModuleType] = {}
"""Placeholders of modules by their dotted names: one of each in a process, as in `sys.modules`."""

names: dict[str, Any] = {}
"""Placeholders of names by their dotted names, so that each is the same object everywhere."""

_LONGEST = 60
_MORE = "…"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The origin of a placeholder.

    Args:
        package: The package that is not installed.
        path: The dotted name at the start of the expression: `numpy.pi`.
        before: The part of the expression before it: `2 * `.
        after: The part of the expression after it: ` > 6`.
        is_name: Whether it can be imported, and so may be a class. Anything else is a value.
        called_at: The file and line of the call that returned it.
        holds_code: Whether it received functions of the author, which it may call.
    """

    package: Package
    path: str
    before: str = ""
    after: str = ""
    is_name: bool = False
    called_at: tuple[str, int] | None = None
    holds_code: bool = False

    def __str__(self) -> str:
        """Format the expression with full names."""
        return f"{self.before}{self.path}{self.after}"

    def attribute(self, name: str) -> Origin:
        """Return the origin of an attribute."""
        if self.is_name:
            return replace(self, path=f"{self.path}.{name}")
        return self._followed_by(f".{name}", tight=True)

    def call(
        self, *, arguments: bool, holds_code: bool, at: tuple[str, int] | None = None
    ) -> Origin:
        """Return the origin of the result of a call."""
        text = f"({_MORE})" if arguments else "()"
        result = self._followed_by(text, tight=True)
        return replace(result, called_at=at, holds_code=self.holds_code or holds_code)

    def of_class(self, name: str) -> Origin:
        """Return the origin of an attribute that a class of the author inherits from this one."""
        return replace(self, path=name, before="", after="", is_name=False, holds_code=True)

    def entered(self) -> Origin:
        """Return the origin of the object that `with` binds."""
        return self._value(before=self.before, after=self.after)

    def item(self) -> Origin:
        """Return the origin of an item."""
        return self._followed_by(f"[{_MORE}]", tight=True)

    def operation(self, symbol: str, other: Any) -> Origin:
        """Return the origin of an operator's result, with this operand on the left."""
        return self._followed_by(f" {symbol} {format_operand(other)}")

    def reflected(self, symbol: str, other: Any) -> Origin:
        """Return the origin of an operator's result, with this operand on the right."""
        return self._preceded_by(f"{format_operand(other)} {symbol} ")

    def unary(self, symbol: str) -> Origin:
        """Return the origin of the result of a unary operator."""
        return self._preceded_by(symbol)

    def as_written(self, frame: FrameType | None) -> str:
        """Format the expression with the names in a frame."""
        text = str(self)
        for path, name in _list_bound_names(frame):
            text = re.sub(rf"(?<![\w.]){re.escape(path)}(?!\w)", name, text)
        return text

    def _followed_by(self, text: str, *, tight: bool = False) -> Origin:
        opened, closed = ("(", ")") if tight and self._is_compound else ("", "")
        after = self.after + closed + text
        if len(after) > _LONGEST:
            after = self.after if self.after.endswith(_MORE) else self.after + _MORE
        return self._value(before=opened + self.before, after=after)

    def _preceded_by(self, text: str) -> Origin:
        before = text + self.before
        if len(before) > _LONGEST:
            before = self.before if self.before.startswith(_MORE) else _MORE + self.before
        return self._value(before=before, after=self.after)

    def _value(self, *, before: str, after: str) -> Origin:
        return replace(self, before=before, after=after, is_name=False, called_at=None)

    @property
    def _is_compound(self) -> bool:
        return " " in self.before + self.after


def format_operand(value: Any) -> str:
    """Format an operand: numbers and short strings unchanged, placeholders as expressions."""
    if isinstance(value, type):
        return str(value.__dict__.get(ORIGIN, value.__name__))
    if value is None or type(value) in {bool, int, float, str}:
        text = repr(value)
        return text if len(text) <= _LONGEST else _MORE
    return _MORE


def _list_bound_names(frame: FrameType | None) -> list[tuple[str, str]]:
    """Return the dotted names to which a frame binds a name, the longest first."""
    values = {**frame.f_globals, **frame.f_locals} if frame is not None else {}
    known = {id(made): path for path, made in (*names.items(), *modules.items())}
    found = [
        (known[id(value)], name)
        for name, value in values.items()
        if id(value) in known and name.isidentifier()  # pytest adds others
    ]
    return sorted(found, key=lambda pair: len(pair[0]), reverse=True)
