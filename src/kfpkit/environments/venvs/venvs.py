"""Virtual environments in the user's cache, each made once from requirements with hashes.

A virtual environment's folder carries a key of everything that it is made from, so it never
changes once it is there. It is built under another name by whoever holds the lock file, and gets
its own name when it is finished: a folder that has the name can be used, unless somebody damages it
later, which its inventory tells.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from kfpkit import files
from kfpkit.environments.digests import compute_short_digest
from kfpkit.environments.tools import RUNNING, find_interpreter, tools
from kfpkit.environments.venvs.inventory import (
    find_damage,
    find_false_file,
    is_finished,
    write_inventory,
)
from kfpkit.environments.venvs.users import record_user
from kfpkit.errors import DiskFullError, PythonNotFoundError, ToolError
from kfpkit.listeners import Listener, ignore


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """A requirements file with hashes.

    Args:
        file: The file.
        dependencies: Whether it names all dependencies too; if not, they are not installed.
    """

    file: Path
    dependencies: bool = True


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a virtual environment is made from.

    Args:
        name: The environment that it is for, or a name of kfpkit's own.
        key: Changes with everything that goes into it.
        python: The Python version, such as "3.12".
        source: The environment's folder, or the requirements file: it is in use as long as this
            says the same.
        requirements: Writes what is to be installed, given an empty folder; called only when the
            virtual environment is not there.
        is_own: Whether it is kfpkit's own, and of no environment.
    """

    name: str
    key: str
    python: str
    source: Path
    requirements: Callable[[Path], Sequence[Requirements]]
    is_own: bool = False

    @classmethod
    def of_file(
        cls, name: str, file: Path, *, python: str = RUNNING, dependencies: bool = True
    ) -> Recipe:
        """Say how one of kfpkit's own is made: from a requirements file alone.

        Args:
            name: What it is called.
            file: The requirements file.
            python: The Python version.
            dependencies: Whether the file names all dependencies too.
        """
        listed = Requirements(file=file, dependencies=dependencies)
        return cls(
            name=name,
            key=f"{compute_short_digest(file.read_text(encoding='utf-8'))}-{python}",
            python=python,
            source=file,
            requirements=lambda _: [listed],
            is_own=True,
        )

    @property
    def environment(self) -> str | None:
        """The environment that it is for; None when it is kfpkit's own."""
        return None if self.is_own else self.name

    @property
    def folder(self) -> Path:
        """Where the finished virtual environment stands."""
        return (
            locate_cache_folder() / "venvs" / f"{self.name}-{self.key}-{sysconfig.get_platform()}"
        )


def locate_cache_folder() -> Path:
    """Return the folder for what can be made again: `KFPKIT_CACHE_DIR`, or the user's cache."""
    chosen = os.environ.get("KFPKIT_CACHE_DIR")
    return Path(chosen).absolute() if chosen else user_cache_path("kfpkit", appauthor=False)


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "bin" / "python"


def is_made(recipe: Recipe) -> bool:
    """Say whether a virtual environment is there; it costs two calls of `stat`."""
    return is_finished(recipe.folder)


def make(recipe: Recipe, *, report: Listener = ignore, whole: bool = True) -> Path:
    """Make a virtual environment unless it is there, or make a damaged one again.

    Args:
        recipe: What it is made from.
        report: Called with a line of text at each step that takes time.
        whole: Whether to look at each of its files, which takes some hundredths of a second.

    Returns:
        The folder of the finished virtual environment.

    Raises:
        ToolError: It cannot be made; nothing that could be used is left behind.
    """
    try:
        # A cache that only others write to can be used, and is theirs to clean.
        with contextlib.suppress(OSError):
            record_user(recipe.folder, recipe.source)
        if _is_usable(recipe, whole=whole):
            return recipe.folder
        recipe.folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = f"{recipe.name}: waiting for another process that is creating the virtual "
        "environment"
        with files.held(Path(f"{recipe.folder}.lock"), waiting=lambda: report(waiting)):
            if not _is_usable(recipe, whole=whole):
                _remove_left_overs(recipe.folder)
                _report_damage(recipe, report)
                _build(recipe, report)
    except OSError as error:
        raise _storage_fault(recipe, error) from error
    return recipe.folder


def _is_usable(recipe: Recipe, *, whole: bool) -> bool:
    return is_made(recipe) and not (whole and find_damage(recipe.folder))


def _report_damage(recipe: Recipe, report: Listener) -> None:
    damage = find_damage(recipe.folder) if recipe.folder.exists() else None
    if damage:
        report(
            f"{recipe.name}: the virtual environment is damaged (`{damage}`) and is being "
            "created again"
        )


def _build(recipe: Recipe, report: Listener) -> None:
    half_made = recipe.folder.with_name(f"{recipe.folder.name}.making-{secrets.token_hex(4)}")
    scratch = half_made.with_name(f"{half_made.name}-requirements")
    damaged = half_made.with_name(f"{half_made.name}-damaged")
    try:
        scratch.mkdir()
        _create(recipe, half_made, scratch)
        requirements = recipe.requirements(scratch)
        report(f"{recipe.name}: installing the locked packages for Python {recipe.python}")
        for listed in requirements:
            _install(recipe, listed, half_made, scratch)
        _mend_packages(recipe, requirements, half_made, scratch)
        write_inventory(half_made)
        if recipe.folder.exists():
            # Whoever uses the damaged one finds the new one at its place at once.
            recipe.folder.rename(damaged)
        half_made.rename(recipe.folder)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
        shutil.rmtree(damaged, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)


def _create(recipe: Recipe, venv: Path, scratch: Path) -> None:
    base = find_interpreter(recipe.python)
    command = [
        tools.find_uv(),
        "venv",
        "--quiet",
        "--relocatable",
        "--no-project",
        "--python",
        base,
    ]
    command += ["--prompt", recipe.name, str(venv)]
    doing = f"find or download Python {recipe.python}"
    doing += f" for kfpkit's own `{recipe.name}`" if recipe.is_own else ""
    try:
        tools.run(command, environment=recipe.environment, folder=scratch, doing=doing)
    except DiskFullError:
        raise
    except ToolError as error:
        raise PythonNotFoundError(
            problem=error.problem,
            tail=error.tail,
            remedy=f"Install Python {recipe.python}, or run `uv python install {recipe.python}` "
            "with access to the network.",
        ) from None


def _mend_packages(
    recipe: Recipe, requirements: Sequence[Requirements], venv: Path, scratch: Path
) -> None:
    """Install again, from the index, what came damaged out of uv's cache.

    Its files are hard links to that cache, so who edits one in place edits the cache.
    """
    if find_false_file(venv) is None:
        return
    for listed in requirements:
        _install(recipe, listed, venv, scratch, "--reinstall", "--no-cache")


def _install(
    recipe: Recipe, listed: Requirements, venv: Path, scratch: Path, *options: str
) -> None:
    command = [tools.find_uv(), "pip", "install", "--quiet", "--python", str(python_of(venv))]
    # Python compiles what a task imports, once; compiling everything takes longer than linking it.
    command += ["--require-hashes", "--no-build", *options]
    command += [] if listed.dependencies else ["--no-deps"]
    command += ["--requirements", str(listed.file)]
    whose = (
        f"the packages of kfpkit's own `{recipe.name}`" if recipe.is_own else "its locked packages"
    )
    tools.run(command, environment=recipe.environment, folder=scratch, doing=f"install {whose}")


def _remove_left_overs(folder: Path) -> None:
    for left_over in folder.parent.glob(f"{folder.name}.making-*"):
        shutil.rmtree(left_over, ignore_errors=True)


def _storage_fault(recipe: Recipe, error: OSError) -> ToolError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    kind = DiskFullError if full else ToolError
    return kind(
        problem=f"The virtual environment of `{recipe.name}` cannot be written below "
        f"{locate_cache_folder()}",
        tail=str(error),
        remedy="Free up disk space, or set `KFPKIT_CACHE_DIR` to a writable folder.",
    )
