"""Determines what has changed since a git revision, and which tests it affects.

The changed files are compared with the files of a bundle, of an environment's content hash, and of
a test. In doubt, a test runs:

- A deleted file affects every bundle with a module of its top-level package, because an import may
  have found it.
- The project's own `pyproject.toml` and `poetry.lock` affect everything: they determine where
  modules are found and which kfpkit compiles them.
- kfpkit itself, if it is in the same repository, affects everything except for its catalogue.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import kfpkit
from kfpkit.errors import UnknownRevisionError
from kfpkit.project import Project

if TYPE_CHECKING:
    from kfpkit.bundle import Bundle

_KFPKIT = Path(kfpkit.__file__).resolve().parent
_CATALOGUE = (_KFPKIT / "components", _KFPKIT / "helpers")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The files that differ from a revision.

    Args:
        paths: Their absolute paths, with links resolved. Includes deleted files.
    """

    paths: frozenset[Path]

    def concern_all(self, project: Project) -> bool:
        """Return whether all tests of a project must run."""
        settings = {project.root / "pyproject.toml", project.root / "poetry.lock"}
        return bool(settings & self.paths) or any(
            path.is_relative_to(_KFPKIT)
            and not any(path.is_relative_to(part) for part in _CATALOGUE)
            for path in self.paths
        )

    def concern_environment(self, project: Project, name: str) -> bool:
        """Return whether an environment's content hash may have changed."""
        folder = project.environments.resolve()
        shared = (path for path in self.paths if path.parent == folder)
        return any(path.suffix != ".md" for path in shared) or any(
            path.is_relative_to((folder / name).resolve()) for path in self.paths
        )

    def concern_bundle(self, bundle: Bundle, project: Project) -> bool:
        """Return whether a bundle's digest may have changed."""
        if not self.paths.isdisjoint(file.source.resolve() for file in bundle.files):
            return True
        shipped = (file.path for file in bundle.files)
        imported = (each.module.replace(".", "/") for each in bundle.imports)
        reached = {name.partition("/")[0].removesuffix(".py") for name in (*shipped, *imported)}
        gone = (path for path in self.paths if not path.exists())
        return any(_find_top_level(path, project) & reached for path in gone)

    def concern_test(self, file: Path, project: Project) -> bool:
        """Return whether a test's own files have changed.

        These are its file, all files in and below its folder that don't belong to another test, and
        the `conftest.py` of parent folders. In the project's root folder, other files don't count.
        """
        own = {file, *(folder / "conftest.py" for folder in file.parents)}
        if not self.paths.isdisjoint(own):
            return True
        return file.parent != project.root and any(
            path.is_relative_to(file.parent) and not _is_test(path) for path in self.paths
        )


def ask_changes_since(revision: str, folder: Path) -> Changes:
    """Let git list the differences from a revision, committed or not.

    Args:
        revision: The revision, as git understands it.
        folder: A folder of the repository.

    Returns:
        The changes.

    Raises:
        UnknownRevisionError: Git doesn't know the revision, or there is no repository.
    """
    try:
        top = Path(_ask_git(["rev-parse", "--show-toplevel"], folder)[0].strip())
        _ask_git(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"], top
        )
        changed = _ask_git(["diff", "--name-only", "--no-renames", "-z", revision, "--"], top)
        new = _ask_git(["ls-files", "--others", "--exclude-standard", "-z"], top)
    except FileNotFoundError:
        raise UnknownRevisionError(revision=revision, cause="git is not installed") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["this commit does not exist"]
        raise UnknownRevisionError(revision=revision, cause=lines[-1]) from None
    return Changes(paths=frozenset((top / name).resolve() for name in (*changed, *new)))


def _ask_git(arguments: Iterable[str], folder: Path) -> list[str]:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [part for part in done.stdout.split("\0") if part]


def _find_top_level(path: Path, project: Project) -> set[str]:
    """Return the top-level modules to which a path may have belonged."""
    roots = [root for root in project.source_roots if path.is_relative_to(root)]
    return {path.relative_to(root).parts[0].removesuffix(".py") for root in roots}


def _is_test(path: Path) -> bool:
    return path.suffix == ".py" and (path.stem.startswith("test_") or path.stem.endswith("_test"))
