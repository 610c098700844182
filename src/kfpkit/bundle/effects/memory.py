"""What is known of functions that were read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from kfpkit.bundle.effects.changes import Writes


@dataclass(kw_only=True)
class Memory:
    """Remembers what functions write, also of those that call one another.

    A function that is being read is taken to write what the reading before found, nothing at
    first; all are read again until nothing is added.
    """

    _known: dict[Hashable, Writes] = field(default_factory=dict)
    _guessed: dict[Hashable, Writes] = field(default_factory=dict)
    _read: set[Hashable] = field(default_factory=set)
    _open: set[Hashable] = field(default_factory=set)
    _circular: bool = False

    @property
    def depth(self) -> int:
        """How many functions are being read, each called by the one before."""
        return len(self._open)

    def writes_of(self, key: Hashable, read: Callable[[], Writes]) -> Writes:
        """Return what a function writes, and read it if that is not known."""
        if key in self._known:
            return self._known[key]
        if self._open:
            return self._guess(key, read)
        while True:
            before = dict(self._guessed)
            self._read.clear()
            self._circular = False
            found = self._guess(key, read)
            if not self._circular or self._guessed == before:
                break
        self._known |= self._guessed
        self._guessed.clear()
        return found

    def _guess(self, key: Hashable, read: Callable[[], Writes]) -> Writes:
        if key in self._read:
            self._circular |= key in self._open
            return self._guessed.get(key, Writes())
        self._read.add(key)
        self._open.add(key)
        self._guessed[key] = read()
        self._open.discard(key)
        return self._guessed[key]
