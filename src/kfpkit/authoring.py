"""The compile-time side of `@kfpkit.component`: from a function to KFP's component object.

KFP makes the component: its interface, its image, its arguments. What changes is the container's
command: KFP's shell script around the function's text gives way to the encoded bundle, which is
collected anew each time the component becomes a task or is compiled, so that an edited helper is
never missed in a notebook.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import logging
import typing
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from kfp import dsl
from kfp.dsl import component_factory
from kfp.dsl.python_component import PythonComponent

from kfpkit.bundle import Bundle, check, collect, encode
from kfpkit.config import Project, find_project
from kfpkit.environments import Environment, find_environment, require_fresh
from kfpkit.errors import ConflictingOptionsError, Place, UnresolvedAnnotationError

_log = logging.getLogger("kfpkit")

_INSTALLING_OPTIONS = (
    "packages_to_install",
    "pip_index_urls",
    "pip_trusted_hosts",
    "use_venv",
    "kfp_package_path",
)
_active_project: ContextVar[Project | None] = ContextVar("active_project", default=None)


@contextlib.contextmanager
def active_project(project: Project) -> Iterator[None]:
    """Let components that belong to no project of their own use this project's environments."""
    token = _active_project.set(project)
    try:
        yield
    finally:
        _active_project.reset(token)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The arguments of `@kfpkit.component`.

    Args:
        environment: The environment's name; None for a foreign image.
        helpers: Modules that no import statement shows.
        kfp_options: The arguments of `kfp.dsl.component`.
    """

    environment: str | None = None
    helpers: tuple[str | ModuleType, ...] = ()
    kfp_options: Mapping[str, Any] = field(default_factory=dict)

    def require_consistent(self, place: Place) -> None:
        """Refuse an environment together with what an environment replaces.

        Raises:
            ConflictingOptionsError: `environment=` stands beside an image or an install option.
        """
        if self.environment is None:
            return
        for option in ("base_image", "target_image", *_INSTALLING_OPTIONS):
            if self.kfp_options.get(option):
                raise ConflictingOptionsError(
                    place=place,
                    environment=self.environment,
                    option=option,
                    value=self.kfp_options[option],
                )

    @property
    def is_containerized(self) -> bool:
        """Whether KFP burns the code into `target_image`, so that nothing is to be injected."""
        return bool(self.kfp_options.get("target_image"))

    @property
    def installs_at_start(self) -> bool:
        """Whether KFP's own install step runs in front of the start-up."""
        return any(
            self.kfp_options.get(option)
            for option in ("packages_to_install", "use_venv", "kfp_package_path")
        )


class Component(PythonComponent):  # type: ignore[misc]
    """KFP's component for a Python function, whose helpers travel with it.

    Args:
        plain: The component as KFP made it.
        options: What the decorator was given.
    """

    def __init__(self, plain: PythonComponent, options: Options) -> None:
        super().__init__(component_spec=plain.component_spec, python_func=plain.python_func)
        self.options = options

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Create a task, as KFP does, with the bundle as it is now."""
        self._inject()
        return super().__call__(*args, **kwargs)

    @property
    def pipeline_spec(self) -> Any:
        """The component compiled as a pipeline of one task."""
        self._inject()
        return super().pipeline_spec

    def in_environment(self, name: str) -> Component:
        """Bind the same function and helpers to another environment.

        Args:
            name: The environment's name, a folder under `environments/`.

        Returns:
            A new component; this one stays as it is.
        """
        kfp_options = {
            option: value
            for option, value in self.options.kfp_options.items()
            if option != "base_image"
        }
        options = replace(self.options, environment=name, kfp_options=kfp_options)
        return make_component(self.python_func, options)

    @property
    def project(self) -> Project:
        """The project whose source roots and environments serve this component."""
        return _project_of(self.python_func)

    @property
    def environment(self) -> Environment | None:
        """The environment that the component runs in; None for a foreign image.

        Raises:
            UnknownEnvironmentError: The project has no environment of that name.
        """
        if self.options.environment is None:
            return None
        return find_environment(self.project, self.options.environment)

    @property
    def bundle(self) -> Bundle:
        """The files that ship with the component, collected now and checked.

        Raises:
            BundleError: Something that the function reaches cannot ship or cannot be imported in
                the environment.
            EnvironmentsError: The environment is missing or stale.
        """
        embedded = self.options.kfp_options.get("embedded_artifact_path")
        bundle = collect(
            self.python_func,
            project=self.project,
            helpers=self.options.helpers,
            additional_funcs=self.options.kfp_options.get("additional_funcs") or (),
            embedded_artifact=None if embedded is None else Path(embedded),
        )
        environment = self.environment
        if environment is None:
            self._say_unchecked(bundle)
        else:
            require_fresh(environment)
            check(bundle, environment)
        return bundle

    def _say_unchecked(self, bundle: Bundle) -> None:
        if bundle.imports:
            names = sorted({imported.module.partition(".")[0] for imported in bundle.imports})
            _log.warning(
                "`%s` runs in the image `%s`, not in an environment: its imports of %s cannot be "
                "checked. Bind it to an environment to have them checked.",
                self.name,
                self.component_spec.implementation.container.image,
                ", ".join(f"`{name}`" for name in names),
            )

    def _inject(self) -> None:
        """Give the component's specification the bundle, and the environment's image."""
        if self.options.is_containerized:
            return
        # Tasks made earlier keep the specification that they were made with.
        self.component_spec = copy.copy(self.component_spec)
        self.component_spec.implementation = copy.copy(self.component_spec.implementation)
        container = copy.copy(self.component_spec.implementation.container)
        installs = self.options.installs_at_start
        carry_runtime = (
            self.options.environment is None
            and not installs
            and self.options.kfp_options.get("install_kfp_package", True)
        )
        start_up = encode(self.bundle, carry_runtime=carry_runtime)
        container.command = [*_install_step(container.command, wanted=installs), *start_up]
        environment = self.environment
        if environment is not None:
            container.image = environment.image
        self.component_spec.implementation.container = container


def make_component(function: Callable[..., Any], options: Options) -> Component:
    """Make the component of a function.

    Args:
        function: The function; its annotations may be strings.
        options: What the decorator was given.

    Returns:
        The component.

    Raises:
        ConflictingOptionsError: Options exclude each other.
        UnresolvedAnnotationError: An annotation names what is not defined at run time.
    """
    place = _place_of(function)
    options.require_consistent(place)
    _resolve_annotations(function, place)
    kfp_options = dict(options.kfp_options)
    saved_to = kfp_options.pop("output_component_file", None)
    if not options.is_containerized:
        # What these two carry travels in the bundle, where it is reproducible.
        kfp_options.pop("additional_funcs", None)
        kfp_options.pop("embedded_artifact_path", None)
    if options.environment is not None:
        # The image is known when the environment is looked up, at the first use.
        kfp_options |= {"base_image": options.environment, "install_kfp_package": False}
    component = Component(dsl.component(function, **kfp_options), options)
    if saved_to is not None:
        component._inject()  # noqa: SLF001 - the same module
        component.component_spec.save_to_component_yaml(saved_to)
    return component


def _install_step(command: list[str], *, wanted: bool) -> list[str]:
    """Return what KFP's command runs in front of its own start-up: the install step, or nothing."""
    if not wanted:
        return []
    script = next(
        index for index, part in enumerate(command) if component_factory.EXECUTOR_MODULE in part
    )
    return command[: script - len(("sh", "-ec"))]


def _resolve_annotations(function: Callable[..., Any], place: Place) -> None:
    """Replace string annotations, as `from __future__ import annotations` makes them, by types.

    KFP reads the function's annotations as they stand, so they are replaced in place.
    """
    written = function.__annotations__
    if not any(isinstance(annotation, str) for annotation in written.values()):
        return
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise UnresolvedAnnotationError(
            place=place, function=function.__name__, name=error.name or str(error)
        ) from None
    function.__annotations__ = {
        name: _resolved(annotation, hints[name]) for name, annotation in written.items()
    }


def _resolved(annotation: Any, hint: Any) -> Any:
    if not isinstance(annotation, str):
        return annotation
    return None if hint is type(None) else hint


def _place_of(function: Callable[..., Any]) -> Place:
    return Place(Path(function.__code__.co_filename), function.__code__.co_firstlineno)


def _project_of(function: Callable[..., Any]) -> Project:
    """Find a function's project: its file's own, else the active one, else the working folder's.

    The catalogue that ships with kfpkit, and a notebook's cells, belong to no project.
    """
    file = inspect.getsourcefile(function)
    own = function.__module__.partition(".")[0] != __package__
    if own and file is not None and Path(file).is_file():
        return find_project(Path(file))
    return _active_project.get() or find_project(Path.cwd())
