"""Locks an environment: writes `poetry.lock` and `imports.json`, both or neither."""

from __future__ import annotations

import shutil
from pathlib import Path

from packaging.utils import canonicalize_name

from kfpkit import files, toml
from kfpkit.environments.environment import Environment
from kfpkit.environments.files import Manifest
from kfpkit.environments.files import imports_file as manifest
from kfpkit.environments.finding import find_environment
from kfpkit.environments.locking.checks import find_lock_problems
from kfpkit.environments.packages import list_direct_packages
from kfpkit.environments.recipe import RUNTIME_FILE
from kfpkit.environments.venvs import ensure_virtual_environment, poetry
from kfpkit.errors import InvalidEnvironmentError, UninstallableLockError
from kfpkit.listeners import Listener, ignore
from kfpkit.project import Project
from kfpkit.scratch import temporary_folder


def lock_environment(
    project: Project, name: str, *, upgrade: bool = False, report: Listener = ignore
) -> Environment:
    """Lock an environment's dependencies, and write which imports they provide.

    kfpkit works on a copy, so if it fails, the environment stays unchanged. It installs the new
    lock once. This proves that the lock can be installed, and creates the virtual environment for
    runs.

    Args:
        project: The project.
        name: The environment's name.
        upgrade: Whether to upgrade to the latest allowed versions instead of keeping the locked
            ones.
        report: Called with a line at each step that takes time.

    Returns:
        The locked environment.

    Raises:
        UnknownEnvironmentError: The environment doesn't exist.
        InvalidEnvironmentError: The `pyproject.toml` doesn't describe an environment.
        BrokenLockError: The previous lock, which has the versions to keep, can't be read.
        UninstallableLockError: The lock contains packages that a container can't install.
        ToolError: Poetry can't lock, or the lock can't be installed here.
    """
    environment = find_environment(project, name)
    python = environment.description.python
    _refuse_own_name(environment)
    with temporary_folder("lock") as scratch:
        staged = _stage(environment, scratch, upgrade=upgrade)
        poetry.lock(staged.folder, name=name, python=python, upgrade=upgrade, report=report)
        problems = find_lock_problems(staged)
        if problems:
            raise UninstallableLockError(name=name, file=environment.pyproject, problems=problems)
        imports = _read_import_names(staged, report)
        runtime = environment.runtime_requirements.read_text(encoding="utf-8")
        _write(environment.folder.parent / RUNTIME_FILE, runtime)
        _write(environment.lock.path, staged.lock.text)
        _write(environment.imports_file, imports)
    return find_environment(project, name)


def _refuse_own_name(environment: Environment) -> None:
    """Refuse a project with the name of one of its dependencies, which Poetry can't lock."""
    name = str(toml.read_table(environment.description.document, "project").get("name", "")).strip()
    if canonicalize_name(name) in list_direct_packages(environment):
        raise InvalidEnvironmentError(
            name=environment.name,
            file=environment.pyproject,
            problem=f"has the project name `{name}`, which is also the name of one of its "
            "dependencies",
            remedy=f'Write `name = "{environment.name}-environment"`: nothing else uses it.',
        )


def _stage(environment: Environment, scratch: Path, *, upgrade: bool) -> Environment:
    folder = scratch / environment.name
    folder.mkdir()
    shutil.copyfile(environment.pyproject, folder / environment.pyproject.name)
    if environment.lock.path.is_file() and not upgrade:
        environment.lock.require_readable()  # Poetry would only say that it cannot read it
        shutil.copyfile(environment.lock.path, folder / environment.lock.path.name)
    for file in (environment.dockerfile, environment.runtime_requirements):
        shutil.copyfile(file, scratch / file.name)
    return Environment(name=environment.name, folder=folder, registry=environment.registry)


def _read_import_names(environment: Environment, report: Listener) -> str:
    venv = ensure_virtual_environment(environment, report=report)
    imports = manifest.read_installed_imports(venv, without={environment.content.runtime.name})
    return manifest.format_manifest(Manifest(lock=environment.lock.digest, imports=imports))


def _write(file: Path, text: str) -> None:
    content = text.encode()
    if not file.is_file() or file.read_bytes() != content:
        files.replace(file, content)
