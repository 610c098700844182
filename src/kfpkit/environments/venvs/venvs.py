"""Virtual environments in the user's cache, each created once from requirements with hashes.

The name of a virtual environment's folder contains a key of everything that it is made from, so a
finished one never changes. The process that holds the lock file builds it under another name, and
renames it when it is finished. A folder with the final name can therefore be used, unless it was
damaged later, which its inventory reveals.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import secrets
import shutil
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from kfpkit import files
from kfpkit.environments.text_digests import compute_short_digest
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
        dependencies: Whether it lists all dependencies. If not, they aren't installed.
    """

    file: Path
    dependencies: bool = True


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The recipe of a virtual environment.

    Args:
        name: The name of its environment, or of kfpkit's own tools.
        key: Changes with everything that it is made from.
        python: The Python version, such as "3.12".
        source: The environment's folder, or the requirements file. The virtual environment is in
            use as long as this describes the same content.
        requirements: Writes the requirements to install, given an empty folder. Called only if the
            virtual environment doesn't exist.
        is_own: Whether it belongs to kfpkit itself, not to an environment.
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
        """Return the recipe of one of kfpkit's own, from a requirements file.

        Args:
            name: Its name.
            file: The requirements file.
            python: The Python version.
            dependencies: Whether the file lists all dependencies.
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
        """The name of its environment. None if it is kfpkit's own."""
        return None if self.is_own else self.name

    @property
    def folder(self) -> Path:
        """The folder of the finished virtual environment."""
        return (
            locate_cache_folder() / "venvs" / f"{self.name}-{self.key}-{sysconfig.get_platform()}"
        )


def locate_cache_folder() -> Path:
    """Return the folder for replaceable files: `KFPKIT_CACHE_DIR`, or the user's cache."""
    chosen = os.environ.get("KFPKIT_CACHE_DIR")
    return Path(chosen).absolute() if chosen else user_cache_path("kfpkit", appauthor=False)


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "bin" / "python"


def is_made(recipe: Recipe) -> bool:
    """Return whether a virtual environment exists, with two calls of `stat`."""
    return is_finished(recipe.folder)


def make(recipe: Recipe, *, report: Listener = ignore, whole: bool = True) -> Path:
    """Create a virtual environment unless it exists, or create a damaged one again.

    Args:
        recipe: Its recipe.
        report: Called with a line at each step that takes time.
        whole: Whether to check each of its files, which takes some hundredths of a second.

    Returns:
        The folder of the finished virtual environment.

    Raises:
        ToolError: It can't be created. No incomplete one is left behind.
    """
    try:
        # A cache that only others write to can be used, and is theirs to clean.
        with contextlib.suppress(OSError):
            record_user(recipe.folder, recipe.source)
        if _is_usable(recipe, whole=whole):
            return recipe.folder
        recipe.folder.parent.mkdir(parents=True, exist_ok=True)
        waiting = f"{recipe.name}: waiting for another process to create the virtual environment"
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
    """Install packages again, from the index, that were damaged in uv's cache.

    Their files are hard links to that cache, so editing one in place edits the cache.
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
    run = functools.partial(
        tools.run, environment=recipe.environment, folder=scratch, doing=f"install {whose}"
    )
    # Hashes say what is installed, so an index has nothing to add to what uv has.
    try:
        run([*command, "--offline"])
    except DiskFullError:
        raise
    except ToolError:
        run(command)


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
