"""All small faults that can be put into a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst import matchers
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

# Faults in these show at once, whatever is tested.
_LOUD_CALLS = {"len", "isinstance", "issubclass"}
_TYPE_CHECKING = matchers.Name("TYPE_CHECKING") | matchers.Attribute(
    attr=matchers.Name("TYPE_CHECKING")
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A small change of a file that ought to make a test fail.

    Args:
        file: The file, relative to the repository.
        line: The line of the expression that is changed.
        kind: The operator that made it.
        before: The lines that it changes, without indentation.
        after: What they become.
        code: The whole file with the fault.
    """

    file: str
    line: int
    kind: str
    before: str
    after: str
    code: str

    def __str__(self) -> str:
        """Write the fault as a difference, under its place."""
        removed = "".join(f"\n  - {line}" for line in self.before.splitlines())
        added = "".join(f"\n  + {line}" for line in self.after.splitlines())
        return f"{self.file}:{self.line}{removed}{added}"


@dataclass(frozen=True, kw_only=True)
class Possible:
    """A fault that is not written out yet.

    Args:
        file: The file, relative to the repository.
        line: The line of the expression that is changed.
        kind: The operator that makes it.
        module: The file as a tree.
        node: The part of it that is changed.
        changed: What stands there instead.
    """

    file: str
    line: int
    kind: str
    module: cst.Module
    node: cst.CSTNode
    changed: cst.CSTNode

    def fault(self) -> Fault:
        """Write it out."""
        mutated = self.module.deep_replace(self.node, self.changed)
        code = mutated.code if isinstance(mutated, cst.Module) else ""
        before, after = _changed_lines(self.module.code, code)
        return Fault(
            file=self.file, line=self.line, kind=self.kind, before=before, after=after, code=code
        )


def possible_faults(root: Path, file: str) -> list[Possible]:
    """Find what can be changed in a file.

    Args:
        root: The repository.
        file: The file, relative to it.
    """
    wrapper = MetadataWrapper(cst.parse_module((root / file).read_text(encoding="utf-8")))
    visitor = _Visitor()
    wrapper.visit(visitor)
    return [
        Possible(file=file, line=line, kind=kind, module=wrapper.module, node=node, changed=changed)
        for line, kind, node, changed in visitor.found
    ]


def find_fault(root: Path, file: str, before: str, after: str) -> Fault | None:
    """Find a fault by the lines that it changes; None when the code has changed since.

    Args:
        root: The repository.
        file: The file, relative to it.
        before: The lines, without indentation.
        after: What they become.
    """
    path = root / file
    if not path.exists():
        return None
    texts = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    possible = possible_faults(root, file)
    likely = [each for each in possible if texts[each.line - 1] in before.splitlines()]
    for each in [*likely, *(each for each in possible if each not in likely)]:
        fault = each.fault()
        if (fault.before, fault.after) == (before, after):
            return fault
    return None


class _Visitor(cst.CSTVisitor):
    """Asks mutmut's operators about all code that runs.

    Left out are annotations, decorators, what only type checkers read, and texts in three quotes.
    """

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, cst.CSTNode, cst.CSTNode]] = []
        self._line = 1

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _is_inert(node):
            return False
        position = self.get_metadata(PositionProvider, node, None)
        if position is not None and not isinstance(node, cst.Module):
            self._line = position.start.line
        self.found += [(self._line, kind, node, changed) for kind, changed in _changes(node)]
        return True


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            for changed in operator(node):
                yield operator.__name__.removeprefix("operator_"), changed


def _is_inert(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
        return True
    if isinstance(node, cst.If):
        return matchers.matches(node.test, _TYPE_CHECKING)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value in _LOUD_CALLS
    if isinstance(node, cst.Assign):
        return matchers.matches(node.targets[0].target, matchers.Name("__all__"))
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString)


def _changed_lines(before: str, after: str) -> tuple[str, str]:
    removed, added = [], []
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line.startswith("- "):
            removed.append(line[2:].strip())
        elif line.startswith("+ "):
            added.append(line[2:].strip())
    return "\n".join(removed), "\n".join(added)
