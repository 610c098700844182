"""What was read of a piece of code, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kfpkit.bundle.effects.code.expressions import Link

Links = frozenset[Link]


@dataclass(frozen=True, kw_only=True)
class Write:
    """An assignment to an attribute or an item, or its deletion.

    Args:
        name: The name whose object changes.
        path: What is assigned to, dotted, items left out.
        deep: Whether it is a part of the object that changes.
    """

    name: str
    path: str
    deep: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Args:
        path: What is called, dotted, with calls and items in it left out: `logging.getLogger(…)
            .setLevel` is `logging.getLogger.setLevel`. Empty where it starts with no name.
        direct: Whether the path holds nothing but names and attributes.
        method: The attribute that is called; empty for a plain function.
        callee: What the called value is tied to; for a method its object.
        arguments: For each positional argument what it is tied to.
        keywords: The same for keyword arguments; the key is empty for `*values` and `**mapping`.
        passed: The arguments that are dotted paths, such as functions.
        discarded: Whether the value is thrown away, so that the call is there for its effect.
        decorates: Whether it is a decorator's call with what it decorates.
    """

    path: str
    direct: bool
    method: str = ""
    callee: Links = frozenset()
    arguments: tuple[Links, ...] = ()
    keywords: tuple[tuple[str, Links], ...] = ()
    passed: tuple[str, ...] = ()
    discarded: bool = False
    decorates: bool = False

    @property
    def root(self) -> str:
        """The first name of the path."""
        return self.path.partition(".")[0]

    @property
    def handed(self) -> Links:
        """All that arguments are tied to."""
        return frozenset().union(*self.arguments, *(links for _, links in self.keywords))


@dataclass(kw_only=True)
class Effects:
    """What code may change when it runs.

    Args:
        written: What it assigns to.
        calls: The calls.
        derivations: For each class that it defines the dotted paths of its bases and metaclass.
        contexts: What the context managers of its `with` statements are tied to.
        loaded: The names that it reads.
        chained: What operands of operators such as `>>` are tied to.
        attributes: The attributes that it reads or writes.
        ties: For each name that is assigned, what it is tied to.
        declared: Names that `global` makes the module's.
    """

    written: list[Write] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    derivations: list[tuple[str, ...]] = field(default_factory=list)
    contexts: set[Link] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    chained: set[Link] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    ties: dict[str, set[Link]] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether there is anything that could change an object."""
        return bool(self.written or self.calls or self.derivations or self.loaded)

    def tie(self, names: Iterable[str], links: Iterable[Link]) -> None:
        """Note what names are tied to."""
        found = set(links)
        for name in names:
            self.ties.setdefault(name, set()).update(found)
