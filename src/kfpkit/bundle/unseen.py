"""Imports that reading cannot follow, and which of them `helpers=` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.bundle.dynamic import Kind
from kfpkit.errors import Place

_ANYTHING: dict[Kind, str] = {
    "import": (
        "the name of this import is known only when the code runs, so what it imports does not "
        "ship. Name the modules in the component's `helpers=[…]`."
    ),
    "list": (
        "which modules this finds is known only when the code runs, so they do not ship. Name "
        "them, or their package, in the component's `helpers=[…]`."
    ),
    "run": (
        "the file that this runs is known only when the code runs, so it does not ship. Name its "
        "module in the component's `helpers=[…]`."
    ),
}
_KNOWN = (
    "this {verb} `{prefix}…`; which modules that are is known only when the code runs, so they do "
    "not ship. Name them, or their package, in the component's `helpers=[…]`."
)


@dataclass(frozen=True, kw_only=True)
class UnseenImport:
    """A place that imports what only running code knows.

    Args:
        place: Where it is.
        kind: Whether it imports a module, lists the modules of a package, or runs a file.
        prefix: What the dotted name begins with; empty where nothing is known.
    """

    place: Place
    kind: Kind
    prefix: str

    @property
    def sentence(self) -> str:
        """What the author is told."""
        if not self.prefix:
            return _ANYTHING[self.kind]
        verb = "lists the modules of" if self.kind == "list" else "imports"
        return _KNOWN.format(verb=verb, prefix=self.prefix)

    def is_answered_by(self, helper: str) -> bool:
        """Whether a module or package in `helpers=` can be what is meant."""
        return bool(self.prefix) and (
            helper.startswith(self.prefix) or self.prefix.startswith(f"{helper}.")
        )


def unanswered(unseen: Sequence[UnseenImport], helpers: Sequence[str]) -> list[UnseenImport]:
    """Return the imports that no helper answers.

    A helper answers the imports whose names begin as its own does. One that answers none of these
    has been named for an import of which nothing is known.
    """
    spare = any(not any(each.is_answered_by(helper) for each in unseen) for helper in helpers)
    return [
        each
        for each in unseen
        if not any(each.is_answered_by(helper) for helper in helpers) and (each.prefix or not spare)
    ]
