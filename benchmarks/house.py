"""`python -m benchmarks.house`: how large modules, functions and folders are, and their imports."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.table import Table

SOURCES = Path(__file__).parents[1] / "src"
PACKAGE = "kfpkit"
START_UP = "bundle/in_container/bootstrap.py"
CATALOGUE = ("components", "helpers")
TEMPLATE = "scaffold/template"  # a project of its own
VERBS = Path(__file__).with_name("verbs.txt")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import of a module of the package, or of KFP.

    Args:
        importer: The dotted name of the module that imports.
        module: The dotted name in front of `import`.
        line: Where it is.
    """

    importer: str
    module: str
    line: int


@dataclass(frozen=True)
class Module:
    """A module of the package.

    Args:
        file: Its file.
    """

    file: Path

    @property
    def path(self) -> str:
        """The file below the package."""
        return self.file.relative_to(SOURCES / PACKAGE).as_posix()

    @property
    def name(self) -> str:
        """Its dotted name."""
        parts = self.file.relative_to(SOURCES).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    @property
    def is_of_catalogue(self) -> bool:
        """Whether it belongs to the components and helpers that ship into containers."""
        return self.path.startswith(CATALOGUE)

    @property
    def runs_elsewhere(self) -> bool:
        """Whether a container, a build, or another interpreter runs it."""
        folders = Path(self.path).parts[:-1]
        return any(each.startswith("in_") for each in folders) or "servers" in folders

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.file.read_text(encoding="utf-8"))

    @property
    def lines(self) -> int:
        """Its number of lines."""
        return len(self.file.read_text(encoding="utf-8").splitlines())

    @property
    def functions(self) -> list[Function]:
        """All functions and methods, also those in functions."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @property
    def imports(self) -> Iterator[Import]:
        """Its absolute imports, with the module in front of `import`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield Import(importer=self.name, module=node.module, line=node.lineno)
            elif isinstance(node, ast.Import):
                for each in node.names:
                    yield Import(importer=self.name, module=each.name, line=node.lineno)


def list_modules() -> list[Module]:
    """Return the modules of the package, without the template of new projects."""
    files = sorted((SOURCES / PACKAGE).rglob("*.py"))
    modules = [Module(file) for file in files]
    return [each for each in modules if not each.path.startswith((TEMPLATE, "environments/locked"))]


def list_folders() -> dict[str, int]:
    """Return how many files each folder of the package holds, without data and caches."""
    folders: dict[str, int] = {}
    for module in list_modules():
        folder = Path(module.path).parent.as_posix()
        folders[folder] = folders.get(folder, 0) + (Path(module.path).name != "__init__.py")
    return folders


def find_deep_imports() -> list[Import]:
    """Return the imports that reach into a folder past its `__init__`."""
    modules = {each.name: each for each in list_modules()}
    packages = {name for name, each in modules.items() if each.file.name == "__init__.py"}
    return [
        each
        for module in modules.values()
        if not module.is_of_catalogue and not module.runs_elsewhere
        for each in module.imports
        if each.module in modules and each.module not in packages and _is_deep(each)
    ]


def _is_deep(found: Import) -> bool:
    folder = found.module.rpartition(".")[0]
    if folder == PACKAGE or folder.rpartition(".")[2].startswith("in_"):
        return False
    return not (found.importer == folder or found.importer.startswith(f"{folder}."))


def find_kfp_imports() -> list[Import]:
    """Return the imports of KFP past `kfp.dsl`, but for the door's and what ships."""
    return [
        each
        for module in list_modules()
        if not module.is_of_catalogue and not module.runs_elsewhere
        if not module.name.startswith(f"{PACKAGE}.specification")
        for each in module.imports
        if each.module.startswith("kfp.") and each.module != "kfp.dsl"
    ]


def find_imports_from_elsewhere() -> list[Import]:
    """Return the imports of kfpkit by what runs elsewhere."""
    return [
        each
        for module in list_modules()
        if module.runs_elsewhere
        for each in module.imports
        if each.module.split(".")[0] == PACKAGE
    ]


def share_of_verbs() -> float:
    """Return the share of module-level functions whose names begin with a verb."""
    verbs = set(VERBS.read_text(encoding="utf-8").split())
    names = [
        node.name
        for module in list_modules()
        if not module.is_of_catalogue
        for node in module.tree.body
        if isinstance(node, Function)
    ]
    return sum(name.strip("_").split("_")[0] in verbs for name in names) / len(names)


def share_annotated() -> float:
    """Return the share of functions with annotations of all arguments and of what they return."""
    functions = [node for module in list_modules() for node in module.functions]
    return sum(_is_annotated(node) for node in functions) / len(functions)


def _is_annotated(node: Function) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    own = [each for each in arguments if each.arg not in {"self", "cls"}]
    return node.returns is not None and all(each.annotation for each in own)


def lengths_of_functions() -> list[int]:
    """Return the numbers of lines of all functions, sorted."""
    functions = [node for module in list_modules() for node in module.functions]
    return sorted((node.end_lineno or 0) - node.lineno + 1 for node in functions)


def main() -> None:
    """Print the figures."""
    lines = sorted((module.lines, module.path) for module in list_modules())
    functions = lengths_of_functions()
    folder, files = max(
        ((name, count) for name, count in list_folders().items() if name not in CATALOGUE),
        key=lambda each: each[1],
    )
    table = Table("What", "Now", "Bar")
    table.add_row("Modules", str(len(lines)), "")
    table.add_row("Median module, lines", f"{statistics.median(n for n, _ in lines):.0f}", "100")
    longest = [each for each in lines if each[1] != START_UP][-1]
    table.add_row("Longest module, lines", f"{longest[0]} ({longest[1]})", "300")
    table.add_row("Median function, lines", f"{statistics.median(functions):.0f}", "10")
    table.add_row("95th percentile of functions", str(functions[len(functions) * 95 // 100]), "30")
    table.add_row("Longest function, lines", str(functions[-1]), "")
    table.add_row("Functions with all annotations", f"{share_annotated():.1%}", "100 %")
    table.add_row("Functions named with a verb", f"{share_of_verbs():.1%}", "60 %")
    table.add_row("Most files in a folder", f"{files} ({folder})", "14")
    table.add_row("Imports past a folder's door", str(len(find_deep_imports())), "0")
    table.add_row("Imports of KFP past the door", str(len(find_kfp_imports())), "0")
    Console().print(table)


if __name__ == "__main__":
    main()
