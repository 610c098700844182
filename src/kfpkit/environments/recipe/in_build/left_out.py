"""Which files of installed packages an image does without, by declared rules.

The contract: arguments are folders in which packages lie, and before them the option `--keep` with
names of rules whose files stay, with commas between them. Standard output has the files that are
left out, a line for each.

A rule's files stay when a module of another package imports what they hold, inside functions too:
a package that speaks Arrow Flight brings it into its image.
"""

from __future__ import annotations

import argparse
import ast
import functools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Something that an image does without.

    Args:
        name: The module that people import, or the package that the files belong to.
        files: The files, as patterns below a folder in which packages lie.
        modules: The modules that cannot be imported without the files.
        reason: Why no task misses them.
        optional_in: The modules that import what is left out, and do without it.
    """

    name: str
    files: tuple[str, ...]
    modules: tuple[str, ...]
    reason: str
    optional_in: tuple[str, ...] = ()

    @functools.cached_property
    def ends(self) -> frozenset[tuple[str, str]]:
        """The first and the last name of each module, one of which each import of it has."""
        return frozenset(
            (module.partition(".")[0], module.rpartition(".")[2]) for module in self.modules
        )

    def holds(self, module: str) -> bool:
        """Say whether a module, or a name in it, is left out."""
        return any(f"{module}.".startswith(f"{one}.") for one in self.modules)

    def expects(self, importer: str) -> bool:
        """Say whether a module may import what is left out: it goes too, or does without it."""
        return importer in self.optional_in or self.holds(importer)


# What these import, kfp's generated client, has no wheel.
_OF_CLUSTERS = ("cli", "client", "kubeflow_client")
RULES = (
    Rule(
        name="pyarrow.flight",
        files=(
            "pyarrow/_flight.*.so",
            "pyarrow/libarrow_flight.so*",
            "pyarrow/libarrow_python_flight.so*",
        ),
        modules=("pyarrow.flight", "pyarrow._flight"),
        reason="serves and fetches tables over gRPC; tasks hand tables on as files",
    ),
    Rule(
        name="pyarrow.fs.S3FileSystem",
        files=("pyarrow/_s3fs.*.so", "pyarrow/libarrow_s3.so*"),
        modules=(
            "pyarrow._s3fs",
            *(
                f"pyarrow.fs.{name}"
                for name in (
                    "AwsDefaultS3RetryStrategy",
                    "AwsStandardS3RetryStrategy",
                    "S3FileSystem",
                    "S3LogLevel",
                    "S3RetryStrategy",
                    "ensure_s3_finalized",
                    "ensure_s3_initialized",
                    "finalize_s3",
                    "initialize_s3",
                    "resolve_s3_region",
                )
            ),
        ),
        reason="speaks to Amazon S3; tasks read files, Cloud Storage and BigQuery",
        optional_in=("pyarrow.fs",),
    ),
    Rule(
        name="pyarrow._pyarrow_cpp_tests",
        files=("pyarrow/_pyarrow_cpp_tests.*.so",),
        modules=("pyarrow._pyarrow_cpp_tests",),
        reason="is compiled for pyarrow's own tests, which no image has",
    ),
    Rule(
        name="numpy._core._simd",
        files=(
            "numpy/*core/_operand_flag_tests.*.so",
            "numpy/*core/_rational_tests.*.so",
            "numpy/*core/_simd.*.so",
            "numpy/*core/_struct_ufunc_tests.*.so",
            "numpy/*core/_umath_tests.*.so",
        ),
        modules=tuple(
            f"numpy.{core}.{name}"
            for core in ("core", "_core")
            for name in (
                "_operand_flag_tests",
                "_rational_tests",
                "_simd",
                "_struct_ufunc_tests",
                "_umath_tests",
            )
        ),
        reason="is compiled for numpy's own tests, which no image has",
    ),
    Rule(
        name="sqlalchemy.testing",
        files=(
            "alembic/testing/**/*",
            "sqlalchemy/dialects/*/provision.py",
            "sqlalchemy/testing/**/*",
        ),
        modules=(
            "alembic.testing",
            "sqlalchemy.testing",
            *(
                f"sqlalchemy.dialects.{name}.provision"
                for name in ("mssql", "mysql", "oracle", "postgresql", "sqlite")
            ),
        ),
        reason="tests databases with pytest, which no image has",
    ),
    Rule(
        name="kfp",
        files=("kfp/**/*_test.py", *(f"kfp/{name}/**/*" for name in _OF_CLUSTERS)),
        modules=(),
        reason="tests kfp or talks to a cluster, with packages that kfp's runtime does not have",
    ),
    Rule(
        name="stubs",
        files=tuple(
            f"{name}/**/*.pyi" for name in ("numpy", "pandas", "pyarrow", "scipy", "sklearn")
        ),
        modules=(),
        reason="are read by type checkers",
    ),
)


def left_out(roots: Iterable[Path], keep: Iterable[str] = ()) -> Iterator[Path]:
    """Yield the files that an image does without.

    Args:
        roots: The folders in which packages lie; each module may import one of another folder.
        keep: Names of rules whose files stay.
    """
    folders, kept = list(roots), set(keep)
    found = {
        rule.name: [
            file
            for root in folders
            for pattern in rule.files
            for file in root.glob(pattern)
            if file.is_file()
        ]
        for rule in RULES
        if rule.name not in kept
    }
    imported = _find_imported([rule for rule in RULES if found.get(rule.name)], folders)
    for name, files in found.items():
        if name not in imported:
            yield from files


def _find_imported(rules: Iterable[Rule], roots: Iterable[Path]) -> set[str]:
    """Find the rules that leave out what a module imports; a rule's own modules do not count."""
    waiting = {rule.name: rule for rule in rules if rule.modules}
    imported: set[str] = set()
    for root in roots:
        for file in root.rglob("*.py"):
            if file.name == "conftest.py" or not waiting:
                continue
            name, content = _name(file, root), file.read_bytes()
            mentioned = [
                rule
                for rule in waiting.values()
                if not rule.expects(name) and _mentions(rule, name, content)
            ]
            imports = list(_imports(file, root, content)) if mentioned else []
            for rule in mentioned:
                if any(map(rule.holds, imports)):
                    imported.add(rule.name)
                    del waiting[rule.name]
    return imported


def _mentions(rule: Rule, importer: str, content: bytes) -> bool:
    """Say whether a file may import what is left out; few do, and only these are parsed."""
    inside = importer.partition(".")[0]
    return any(
        (package == inside or package.encode() in content) and last.encode() in content
        for package, last in rule.ends
    )


def _name(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path, root: Path, content: bytes) -> Iterator[str]:
    """Yield the dotted names that a file imports."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return
    package = file.relative_to(root).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def main() -> None:
    """Print what is left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", default="", help="names of rules whose files stay")
    parser.add_argument("roots", nargs="+", type=Path)
    given = parser.parse_args()
    for file in left_out(given.roots, given.keep.split(",")):
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
