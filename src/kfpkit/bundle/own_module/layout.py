"""The lines of a reduced module, with kept statements at their original lines."""

from __future__ import annotations

import ast
import codecs
import re

from kfpkit.bundle.own_module.module import OwnModule
from kfpkit.bundle.own_module.statements import Statement

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


class Layout:
    """The lines of a module, initially blank."""

    def __init__(self, module: OwnModule) -> None:
        """Start with blank lines, and the encoding cookie if there is one."""
        self._module = module
        self._lines = [""] * len(module.text.lines)
        # The lines of blocks and functions, and those that a statement goes on from: nothing can
        # stand behind them.
        self._closed: set[int] = set()
        self._blocks: set[int] = set()
        self._future = ""
        self._head = 0
        for index, line in enumerate(module.text.lines[:2]):
            if _COOKIE.match(line):
                self._lines[index] = line
                self._head = index + 1
                break

    def place(self, statement: Statement) -> None:
        """Put a statement at its original lines."""
        for line, text in statement.lines.items():
            self._append(line - 1, text)
        if hasattr(statement.node, "body") or isinstance(statement.node, ast.Match):
            self._blocks.add(statement.first - 1)
            self._closed.update(range(statement.first - 1, statement.last))
        else:
            self._closed.update(range(statement.first - 1, statement.last - 1))

    def place_import(self, node: ast.stmt, text: str) -> None:
        """Put an import statement on its first line, or on the nearest free line above."""
        index = node.lineno - 1
        while index > 0 and self._lines[index] and index in self._closed:
            index -= 1
        self._append(index, text)
        if "__future__" in text:
            self._head = max(self._head, index)
            self._future = text

    def place_nested(self, statement: Statement) -> None:
        """Put a nested function at its original lines, with its indentation.

        `if True:` on the line above allows the indentation, so the source doesn't change. If the
        enclosing function ships too and occupies these lines, the nested function comes last.
        """
        above = min(statement.lines) - 2
        if any(self._lines[line - 1] for line in statement.lines):
            self._lines += [
                "if True:",
                *(statement.lines[line] for line in sorted(statement.lines)),
            ]
            return
        for line, text in statement.lines.items():
            self._append(line - 1, text)
        if not self._lines[above]:
            self._append(above, "if True:")
        self._blocks.add(above)
        self._closed.update(range(above, statement.last))

    def _append(self, index: int, text: str) -> None:
        present = self._lines[index]
        self._lines[index] = f"{present}; {text}" if present else text

    def supply(self, imports: list[str]) -> None:
        """Add import statements at the top, on an existing line."""
        if not imports:
            return
        text = "; ".join(imports)
        first = self._lines[self._head]
        if not first:
            self._lines[self._head] = text
        elif self._future:
            self._lines[self._head] = first.replace(self._future, f"{self._future}; {text}", 1)
        elif self._head not in self._blocks:
            self._lines[self._head] = f"{text}; {first}"
        else:
            # Nothing stands above a function on the first line, so the lines move by one.
            self._lines.insert(self._head, text)

    def content(self) -> bytes:
        """Return the source in the file's encoding, without blank lines at the end."""
        text = self._module.text
        lines = list(self._lines)
        while lines and not lines[-1]:
            lines.pop()
        encoded = text.newline.join([*lines, ""]).encode(
            "utf-8" if text.encoding == "utf-8-sig" else text.encoding
        )
        return codecs.BOM_UTF8 + encoded if text.encoding == "utf-8-sig" else encoded
