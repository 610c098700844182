"""A path that begins at a module's own file: the module, and the steps from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from glob import has_magic
from pathlib import PurePosixPath
from typing import NamedTuple

STEM = "\0"
"""What stands for the name of the module's file without its suffix."""

_ESCAPED = re.compile(r"\[([*?[])\]")
_STARS = re.compile(r"(?<!\[)\*\*+")


class Part(NamedTuple):
    """One step of a path: `..`, a name, or a pattern of names."""

    text: str
    pattern: bool = False


UP = Part("..")
ANY = Part("*", pattern=True)
BELOW = Part("**", pattern=True)


@dataclass(frozen=True, kw_only=True)
class FilePath:
    """A path that begins at the file of a module.

    Args:
        module: The module's dotted name. Relative names keep their dots. Empty for the module that
            is read.
        parts: The steps from its file. The first part is `..` for a file beside it.
    """

    module: str = ""
    parts: tuple[Part, ...] = ()

    def up(self) -> FilePath:
        """Return the parent folder."""
        if not self.parts or self.parts[-1] == UP:
            return self.down(UP)
        return replace(self, parts=self.parts[:-1])

    def down(self, *parts: Part) -> FilePath:
        """Return a path below it."""
        return replace(self, parts=(*self.parts, *parts))

    def named(self, change: Callable[[str], str]) -> FilePath:
        """Return a path beside it with a changed name."""
        last = self.parts[-1] if self.parts else Part(STEM + ".py")
        return self.up().down(Part(change(last.text), pattern=last.pattern))

    def with_suffix(self, suffix: str) -> FilePath:
        """Change the suffix of its name."""
        return self.named(lambda name: PurePosixPath(name).stem + suffix)

    def with_stem(self, stem: str) -> FilePath:
        """Change its name without the suffix."""
        return self.named(lambda name: stem + PurePosixPath(name).suffix)

    def with_name(self, name: str) -> FilePath:
        """Change its name."""
        return self.up().down(*split_parts(name))

    def listed(self) -> FilePath:
        """Return the entries in it."""
        return self.down(ANY)

    def globbed(self) -> FilePath:
        """Return it with the names that are patterns to `glob` as patterns."""
        parts = (Part(each.text, each.pattern or has_magic(each.text)) for each in self.parts)
        return replace(self, parts=tuple(parts))


def split_parts(text: str) -> tuple[Part, ...]:
    """Split a string in which `*` represents unknown parts. `glob.escape` marks other stars."""
    return tuple(
        Part(each, pattern=True)
        if has_magic(_ESCAPED.sub("", each))
        else Part(_ESCAPED.sub(r"\1", each))
        for each in text.split("/")
        if each not in {"", "."}
    )


def join_texts(*texts: str) -> str:
    """Join such strings. If both sides are unknown, the result is one unknown."""
    return _STARS.sub("*", "".join(texts))
