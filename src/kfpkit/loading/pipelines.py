"""Loads pipelines and components from files, modules and folders.

A module is imported under its dotted name below the project's source roots, which is also its name
in a container. During the import, placeholders replace packages that only environments have.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
import traceback
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from kfp import dsl

from kfpkit.authoring import Component, active_project
from kfpkit.environments import collect_provided_imports, find_shipped_with
from kfpkit.errors import (
    AmbiguousPipelineError,
    KfpkitError,
    LoadError,
    MissingComponentError,
    MissingComponentModuleError,
    MissingFileError,
    ModuleFailedError,
    NoPipelineError,
    PipelineError,
    PlaceholderError,
    UndefinedReferenceError,
)
from kfpkit.loading.kfp_annotations import resolved_annotations
from kfpkit.loading.missing_packages import find_missing_packages
from kfpkit.loading.module_names import find_dotted_name, require_own_name
from kfpkit.loading.source_roots import put_first, require_own_modules
from kfpkit.place import Place
from kfpkit.placeholders import (
    Load,
    describe_absence,
    find_involved,
    find_placeholder,
    list_swallowed,
    placeholders,
)
from kfpkit.project import Project, find_project
from kfpkit.specification import GraphComponent, find_lost, is_pipeline_being_made

_log = logging.getLogger("kfpkit")
_KFP = str(Path(dsl.__file__).parents[1])


def load_pipeline(path: Path, name: str | None = None) -> GraphComponent:
    """Load the pipeline that a folder or file defines.

    Args:
        path: A Python file, or a folder with a `pipeline.py`.
        name: The pipeline function's name. Required if the file defines several.

    Returns:
        KFP's pipeline object.

    Raises:
        LoadError: The file is missing, fails during import, doesn't define the pipeline, or defines
            several and no name is given.
    """
    file = _require_pipeline_file(path)
    module = load_module(file, find_project(file))
    found = {
        key: value
        for key, value in vars(module).items()
        if isinstance(value, GraphComponent) and value.pipeline_func.__module__ == module.__name__
    }
    if name is not None:
        found = {key: value for key, value in found.items() if key == name}
    if not found:
        raise NoPipelineError(file=file, name=name)
    if len(found) > 1:
        raise AmbiguousPipelineError(file=file, names=sorted(found))
    return next(iter(found.values()))


def load_component(reference: str, start: Path) -> Component:
    """Load a component from `package.module:name` or `path/to/file.py:name`.

    Args:
        reference: The reference to the component.
        start: The folder for finding relative paths and the project.

    Returns:
        The component.

    Raises:
        LoadError: The module or the component is missing, or the module fails during import.
    """
    where, _, name = reference.rpartition(":")
    if where.endswith(".py"):
        file = start / where
        if not file.is_file():
            raise MissingFileError(file=file, wanted="component file")
        module = load_module(file, find_project(file))
    else:
        module = _import_by_name(where, reference, find_project(start))
    component = getattr(module, name, None)
    if not isinstance(component, Component):
        names = sorted(key for key, value in vars(module).items() if isinstance(value, Component))
        raise MissingComponentError(reference=reference, names=names)
    return component


def load_module(file: Path, project: Project) -> ModuleType:
    """Import a file under its dotted name below the project's source roots.

    A file outside them, or with a name that no import statement can contain, is imported under its
    stem.

    Args:
        file: The Python file.
        project: Its project.

    Returns:
        The module.

    Raises:
        LoadedElsewhereError: Python has loaded another project's file under a name of this one.
        ModuleFailedError: The file fails during import.
        ShadowingError: The standard library, or something that kfpkit uses, has a module with its
            name.
    """
    name = find_dotted_name(file.resolve(), project)
    if name is not None:
        require_own_modules(project)
        require_own_name(name, file, project)
        return _import(name, project, Place(file))
    loader = SourceFileLoader(file.stem.replace("-", "_"), str(file))
    module = ModuleType(loader.name)
    module.__file__ = str(file)
    sys.modules[loader.name] = module
    with _authors_code(project, Place(file)):
        loader.exec_module(module)
    return module


def _import_by_name(name: str, reference: str, project: Project) -> ModuleType:
    """Import a module by its dotted name, or raise an error if it doesn't exist."""
    if all(part.isidentifier() for part in name.split(".")):
        try:
            return _import(name, project, Place(project.root))
        except ModuleFailedError as error:
            cause = error.__cause__
            missing = cause.name if isinstance(cause, ModuleNotFoundError) else None
            # An import in the module itself may fail as well: that is told with its line.
            if missing is None or not f"{name}.".startswith(f"{missing}."):
                raise
    raise MissingComponentModuleError(reference=reference, root=project.root)


def _require_pipeline_file(path: Path) -> Path:
    file = path / "pipeline.py" if path.is_dir() else path
    if not file.is_file():
        raise MissingFileError(file=file, wanted="pipeline")
    return file


def _import(name: str, project: Project, place: Place) -> ModuleType:
    with _authors_code(project, place):
        return importlib.import_module(name)


@contextlib.contextmanager
def _authors_code(project: Project, place: Place) -> Iterator[None]:
    """Import the author's code with the project's source roots, and add the place to errors."""
    require_own_modules(project)
    put_first(project)
    load = make_load(project)
    try:
        with active_project(project), placeholders(load), resolved_annotations():
            yield
    except KfpkitError:
        raise
    except (Exception, SystemExit) as error:
        require_own_modules(project)  # what it reached may be another project's
        raise _make_failure(error, load, place) from error
    require_own_modules(project)
    warn_of_swallowed(load)


def make_load(project: Project) -> Load:
    """Return a load of files of a project, for `placeholders`."""
    return Load(
        project=project.root,
        roots=lambda: (project.root, *project.source_roots),
        provisions=lambda: collect_provided_imports(project),
        in_pipeline=is_pipeline_being_made,
    )


def warn_of_swallowed(load: Load) -> None:
    """Warn of errors that the author's code has caught, because it then took another branch."""
    for refusal in list_swallowed(load):
        _log.warning("%s The code caught this error and continued without the value.", refusal)


def _make_failure(error: BaseException, load: Load, place: Place) -> LoadError | PipelineError:
    """Create the error for an exception of the author's code, at the author's line."""
    refusal = _find_refusal(error)
    if refusal is not None:
        return refusal
    failed = _find_place(error, load) or place
    text = _format_error(error)
    lost = find_lost(text) if isinstance(error, AssertionError) else None
    if lost is not None:
        return UndefinedReferenceError(place=failed, task=None, what=lost)
    missing = find_missing_packages(error, load)
    return ModuleFailedError(
        place=failed,
        cause=f"{type(error).__name__}: {text}",
        placeholders=find_involved(error, load),
        unprovided=missing,
        shipped=find_shipped_with(missing) if missing else (),
    )


def _find_refusal(error: BaseException | None) -> PlaceholderError | None:
    """Return the refusal that a library or the author has turned into another error."""
    while error is not None:
        if isinstance(error, PlaceholderError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _format_error(error: BaseException) -> str:
    """Format an error, which fails if its message contains a placeholder."""
    try:
        return str(error)
    except PlaceholderError:
        placeholder = find_placeholder(error.args)
        asked = "" if placeholder is None else f" `{describe_absence(placeholder).name}`"
        return f"its message needs the value of{asked or ' a placeholder'}"


def _find_place(error: BaseException, load: Load) -> Place | None:
    """Return the innermost line of the project's code in an error's traceback."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return Place(Path(error.filename), error.lineno)
    own = _own_lines(error, load)
    return Place(Path(own[-1][0]), own[-1][1]) if own else None


def _own_lines(error: BaseException, load: Load) -> list[tuple[str, int | None]]:
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.filename, frame.lineno) for frame in frames if load.owns(frame.filename)]
