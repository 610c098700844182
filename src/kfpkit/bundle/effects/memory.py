"""Remembers what functions write."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from kfpkit.bundle.effects.changes import ANYTHING, Writes

# Whoever calls more functions than these may change anything.
_FUNCTIONS = 1000


@dataclass(kw_only=True)
class Memory:
    """Finds what functions write, including functions that call one another.

    A function that hasn't been read yet is assumed to write nothing. When a later reading finds
    more, its callers are read again, until nothing is added.
    """

    _known: dict[Hashable, Writes] = field(default_factory=dict)
    _guessed: dict[Hashable, Writes] = field(default_factory=dict)
    _code: dict[Hashable, Callable[[], Writes]] = field(default_factory=dict)
    _callers: dict[Hashable, set[Hashable]] = field(default_factory=dict)
    _waiting: list[Hashable] = field(default_factory=list)
    _reading: Hashable = None

    def writes_of(self, key: Hashable, read: Callable[[], Writes]) -> Writes:
        """Return what a function writes. Reads the function if necessary."""
        if key in self._known:
            return self._known[key]
        if self._reading is not None:
            return self._guess(key, read)
        self._guess(key, read)
        while self._waiting and len(self._guessed) <= _FUNCTIONS:
            self._read(self._waiting.pop())
        if self._waiting:
            # What was read so far may be known in part only.
            self._guessed[key] = Writes(changes=(ANYTHING,))
            self._known[key] = self._guessed[key]
        else:
            self._known |= self._guessed
        for table in (self._guessed, self._code, self._callers, self._waiting):
            table.clear()
        return self._known[key]

    def _guess(self, key: Hashable, read: Callable[[], Writes]) -> Writes:
        if key not in self._guessed:
            self._guessed[key] = Writes()
            self._code[key] = read
            self._waiting.append(key)
        self._callers.setdefault(key, set()).add(self._reading)
        return self._guessed[key]

    def _read(self, key: Hashable) -> None:
        self._reading = key
        before = self._guessed[key]
        found = before.joined(self._code[key]())
        self._reading = None
        if found != before:
            self._guessed[key] = found
            callers = self._callers[key] - {None, *self._waiting}
            self._waiting = [*(each for each in self._guessed if each in callers), *self._waiting]
