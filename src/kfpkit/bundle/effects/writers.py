"""Reads what running code may change, including the functions that it calls.

A function is a *writer* of a variable if it, or a function that it calls, assigns to the variable
with `global`, assigns to its attributes or items, calls a method of it that may write, or passes it
to code that isn't read. If the source doesn't show which function a call means, all candidates
count.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from kfpkit.bundle.effects.calls import Calls
from kfpkit.bundle.effects.changes import Change
from kfpkit.bundle.effects.code import Effects
from kfpkit.bundle.effects.definitions import Definitions
from kfpkit.bundle.effects.deriving import Deriving
from kfpkit.bundle.effects.functions import Functions
from kfpkit.bundle.effects.objects import Objects
from kfpkit.bundle.effects.state import State
from kfpkit.bundle.effects.targets import Scope, Targets
from kfpkit.bundle.effects.ties import Ties


@dataclass(frozen=True, kw_only=True)
class Writers:
    """Reads what code may change, and remembers the functions that it has read.

    Args:
        targets: Resolves paths.
        own: The module with the statements to judge.
        subclasses_are_asked_for: Whether any shipped code lists the subclasses of a class.
    """

    targets: Targets
    own: Definitions
    subclasses_are_asked_for: bool = False

    @functools.cached_property
    def _functions(self) -> Functions:
        return Functions(targets=self.targets, own=self.own, changes=self._changes)

    @functools.cached_property
    def _objects(self) -> Objects:
        return Objects(functions=self._functions)

    @functools.cached_property
    def state(self) -> State:
        """Determines what functions and classes remember."""
        return State(functions=self._functions)

    @functools.cached_property
    def _calls(self) -> Calls:
        return Calls(functions=self._functions, objects=self._objects, state=self.state)

    @functools.cached_property
    def _deriving(self) -> Deriving:
        asked = self.subclasses_are_asked_for
        return Deriving(functions=self._functions, subclasses_are_asked_for=asked)

    @property
    def ties(self) -> Ties:
        """Resolves which objects names may refer to."""
        return self._functions.ties

    def changes_of(self, effects: Effects, definitions: Definitions) -> list[Change]:
        """Return what code at the top level of a module may change."""
        scope = Scope(definitions=definitions)
        found = list(dict.fromkeys(self._changes(effects, scope)))
        seen = set(found)
        for change in found:
            # What is found while going through the list is gone through as well.
            for each in self._objects.asked(change, scope) if change.asks else ():
                if each not in seen:
                    seen.add(each)
                    found.append(each)
        return [each for each in found if not each.asks]

    def _changes(self, effects: Effects, scope: Scope) -> Iterator[Change]:
        for write in effects.written:
            yield from self._objects.written(write, scope)
        for call in effects.calls:
            yield from self._calls.called(call, scope)
        for bases in effects.derivations:
            yield from self._deriving.derived(bases, scope)
        if effects.contexts:
            yield from self._objects.entered(frozenset(effects.contexts), scope)
        yield from self._objects.chained(effects, scope)
        yield from self._objects.loaded(effects, scope)
