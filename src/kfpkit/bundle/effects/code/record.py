"""Values that record the effects of a piece of code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kfpkit.bundle.effects.code.expressions import Link

Links = frozenset[Link]


@dataclass(frozen=True, kw_only=True)
class Write:
    """An assignment to an attribute or an item, or its deletion.

    Args:
        name: The name. Its object changes.
        path: The dotted path of the target, without items.
        deep: Whether a part of the object changes.
    """

    name: str
    path: str
    deep: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Args:
        path: The dotted path of the called object, without calls and items:
            `logging.getLogger(…).setLevel` is `logging.getLogger.setLevel`. Empty if it doesn't
            start with a name.
        direct: Whether the path consists only of names and attributes.
        method: The called attribute. Empty for a plain function.
        callee: What the called value is tied to. For a method, its object.
        arguments: For each positional argument, what it is tied to.
        keywords: The same for keyword arguments. The key is empty for `*values` and `**mapping`.
        passed: The arguments that are dotted paths, such as functions.
        discarded: Whether the result is unused, so the call runs for its effect.
        decorates: Whether a decorator is called with the decorated object.
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
        """Everything that the arguments are tied to."""
        return frozenset().union(*self.arguments, *(links for _, links in self.keywords))


@dataclass(kw_only=True)
class Effects:
    """What code may change when it runs.

    Args:
        written: The targets that it assigns to.
        calls: The calls.
        derivations: For each class that it defines, the dotted paths of its bases and metaclass.
        contexts: What the context managers of its `with` statements are tied to.
        loaded: The names that it reads.
        chained: What operands of operators such as `>>` are tied to.
        attributes: The attributes that it reads or writes.
        ties: For each assigned name, what it is tied to.
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
        """Whether anything could change an object."""
        return bool(self.written or self.calls or self.derivations or self.loaded)

    def tie(self, names: Iterable[str], links: Iterable[Link]) -> None:
        """Record what names are tied to."""
        found = set(links)
        for name in names:
            self.ties.setdefault(name, set()).update(found)
