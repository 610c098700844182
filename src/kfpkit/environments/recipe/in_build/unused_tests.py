"""Which folders called `tests` of installed packages an image does without.

The contract: arguments are folders in which packages lie. Standard output has the folders that are
unused, a line for each; what they hold goes with them.

Used is what a module outside of them imports, as `astropy` does with `astropy.tests`, and what is
imported from there. A module that nobody imports, such as a `conftest.py` or a generator of tables,
makes no difference.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

TESTS = "tests"


def unused(root: Path) -> set[Path]:
    """Return the folders called `tests` below a folder of packages that nobody needs."""
    folders = {folder for folder in root.rglob(TESTS) if folder.is_dir()}
    outside = [file for file in root.rglob("*.py") if TESTS not in file.relative_to(root).parts]
    found = {
        folder
        for file, folder in _imported(outside, root)
        if file.name == "__init__.py" or _is_imported(file, outside, root)
    }
    used: set[Path] = set()
    while found:
        used |= found
        inside = [file for folder in found for file in folder.rglob("*.py")]
        found = {folder for _, folder in _imported(inside, root)} - used
    return {folder for folder in folders if used.isdisjoint((folder, *folder.parents))}


def _imported(files: Iterable[Path], root: Path) -> Iterator[tuple[Path, Path]]:
    """Find the outermost folders called `tests` from which files import; yield both."""
    for file in _naming(files, TESTS):
        for name in _imports(file, root):
            before, is_from_tests, _ = f".{name}.".partition(f".{TESTS}.")
            folder = root.joinpath(*before.split("."), TESTS)
            if is_from_tests and folder.is_dir():
                yield file, folder


def _is_imported(module: Path, files: Iterable[Path], root: Path) -> bool:
    name = ".".join(module.relative_to(root).with_suffix("").parts)
    others = (file for file in _naming(files, re.escape(module.stem)) if file != module)
    return any(name in _imports(file, root) for file in others)


def _naming(files: Iterable[Path], word: str) -> Iterator[Path]:
    """Choose the files with an import that names a word, by their text: few of many."""
    pattern = rf"\b(?:from|import)\b(?:\\\n|[^\n(])*(?:\([^)]*)?\b{word}\b"
    matches = re.compile(pattern.encode()).search
    return (file for file in files if matches(file.read_bytes()))


def _imports(file: Path, root: Path) -> set[str]:
    """Return the dotted names that a file imports, inside functions too."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return set()
    package = file.relative_to(root).parent.parts
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        sys.stdout.write("".join(f"{path}\n" for path in sorted(unused(Path(folder)))))
