"""What has changed since a revision, and whom it concerns.

What git names is compared with the files that a bundle is made from, that an environment's content
hash is made from, and that a test consists of. Where that leaves a doubt, a test runs:

- a file that is gone concerns every bundle that has anything of its top-level package, since an
  import may have found it;
- the project's own `pyproject.toml` and `poetry.lock` concern everything: they say where modules
  are found and which kfpkit compiles them;
- kfpkit itself, where it lies in the same repository, concerns everything but for its catalogue.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import kfpkit
from kfpkit.config import Project
from kfpkit.errors import UnknownRevisionError

if TYPE_CHECKING:
    from kfpkit.bundle import Bundle

_KFPKIT = Path(kfpkit.__file__).resolve().parent
_CATALOGUE = (_KFPKIT / "components", _KFPKIT / "helpers")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The files that differ from a revision.

    Args:
        paths: Their absolute paths, without links; also of those that are gone.
    """

    paths: frozenset[Path]

    def concern_all(self, project: Project) -> bool:
        """Say whether everything of a project is to be tested."""
        settings = {project.root / "pyproject.toml", project.root / "poetry.lock"}
        return bool(settings & self.paths) or any(
            path.is_relative_to(_KFPKIT)
            and not any(path.is_relative_to(part) for part in _CATALOGUE)
            for path in self.paths
        )

    def concern_environment(self, project: Project, name: str) -> bool:
        """Say whether an environment's content hash may be another one now."""
        folder = project.environments.resolve()
        shared = (path for path in self.paths if path.parent == folder)
        return any(path.suffix != ".md" for path in shared) or any(
            path.is_relative_to((folder / name).resolve()) for path in self.paths
        )

    def concern_bundle(self, bundle: Bundle, project: Project) -> bool:
        """Say whether a bundle's digest may be another one now."""
        if not self.paths.isdisjoint(file.source.resolve() for file in bundle.files):
            return True
        shipped = (file.path for file in bundle.files)
        imported = (each.module.replace(".", "/") for each in bundle.imports)
        reached = {name.partition("/")[0].removesuffix(".py") for name in (*shipped, *imported)}
        gone = (path for path in self.paths if not path.exists())
        return any(_find_top_level(path, project) & reached for path in gone)

    def concern_test(self, file: Path, project: Project) -> bool:
        """Say whether a test's own files have changed.

        These are its file, whatever lies in its folder or below and is no other test's file, and
        the `conftest.py` of the folders above. In the project's own folder, all else is no test's.
        """
        own = {file, *(folder / "conftest.py" for folder in file.parents)}
        if not self.paths.isdisjoint(own):
            return True
        return file.parent != project.root and any(
            path.is_relative_to(file.parent) and not _is_test(path) for path in self.paths
        )


def ask_changes_since(revision: str, folder: Path) -> Changes:
    """Ask git what differs from a revision: what is committed, and what is not yet.

    Args:
        revision: The revision, as git understands it.
        folder: A folder of the repository.

    Returns:
        The changes.

    Raises:
        UnknownRevisionError: Git does not know it, or there is no repository.
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
    """Return the top-level modules that a path may have belonged to."""
    roots = [root for root in project.source_roots if path.is_relative_to(root)]
    return {path.relative_to(root).parts[0].removesuffix(".py") for root in roots}


def _is_test(path: Path) -> bool:
    return path.suffix == ".py" and (path.stem.startswith("test_") or path.stem.endswith("_test"))
