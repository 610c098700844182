"""The compile-time side of `@kfpkit.component`: from a function to KFP's component object.

KFP creates the component with its interface, image and arguments. kfpkit replaces only the
container's command: the encoded bundle takes the place of KFP's shell script around the function's
source. It does this each time the component becomes a task or is compiled, so a notebook never runs
an outdated helper. If no file has changed, kfpkit reuses the previous command.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import warnings
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from kfpkit import collector
from kfpkit.authoring.annotations import resolve_annotations
from kfpkit.authoring.definition import find_place, require_definition
from kfpkit.authoring.home import circumstances_of, deciding_paths_of, find_project_of, is_of_kfpkit
from kfpkit.authoring.interface import (
    require_plain_arguments,
    require_plain_interface,
    require_plain_options,
)
from kfpkit.authoring.options import Options
from kfpkit.authoring.ports import Port, read_ports
from kfpkit.authoring.snapshot import Snapshot
from kfpkit.bundle import Bundle, check, collect, encode
from kfpkit.environments import Environment, find_environment, list_deciding_files, require_fresh
from kfpkit.errors import NoImageError, UnknownEnvironmentError
from kfpkit.place import Place
from kfpkit.project import Project
from kfpkit.specification import PythonComponent, make_python_component, read_install_step
from kfpkit.wording import quote_all

_log = logging.getLogger("kfpkit")


class Component(PythonComponent):  # type: ignore[misc]
    """KFP's component for a Python function that ships with its helpers.

    Args:
        plain: The component that KFP created.
        options: The arguments of the decorator.
    """

    _injects = False  # KFP's constructor reads the specification, and nothing ships yet

    def __init__(self, plain: PythonComponent, options: Options) -> None:
        super().__init__(component_spec=plain.component_spec, python_func=plain.python_func)
        self.options = options
        self._install_step = read_install_step(plain) if options.installs_at_start else []
        self._snapshot: Snapshot | None = None
        self._injects = not options.is_containerized

    @property
    def component_spec(self) -> Any:
        """KFP's specification with the current bundle, from which KFP creates tasks.

        Existing tasks keep the specification that they were created with.
        """
        if self._injects:
            self._inject()
        return self._specification

    @component_spec.setter
    def component_spec(self, specification: Any) -> None:
        self._specification = specification

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Make a task, as KFP does.

        Raises:
            PlaceholderInputError: An argument is or holds a placeholder.
        """
        require_plain_arguments(self.name, args, kwargs)
        return super().__call__(*args, **kwargs)

    def in_environment(self, name: str, *, helpers: Sequence[str | ModuleType] = ()) -> Component:
        """Bind the same function and helpers to another environment.

        Args:
            name: The environment's name, a folder under `environments/`.
            helpers: Further modules or packages to ship, as `helpers=` of the decorator, such as
                the module of an estimator of your own for `train_model`.

        Returns:
            A new component. This one doesn't change.
        """
        return make_component(self.python_func, self.options.in_environment(name, helpers))

    @property
    def project(self) -> Project:
        """The project whose source roots and environments serve this component."""
        return find_project_of(self.python_func)

    @property
    def environment(self) -> Environment | None:
        """The component's environment. None for a foreign image.

        Raises:
            UnknownEnvironmentError: The project has no environment with this name.
            NoImageError: The environment contains tools and can't run components.
        """
        return self._environment_of(self.project)

    def _environment_of(self, project: Project) -> Environment | None:
        if self.options.environment is None:
            return None
        try:
            environment = find_environment(project, self.options.environment)
        except UnknownEnvironmentError as error:
            binds = self.python_func.__name__ if is_of_kfpkit(self.python_func) else None
            raise error.at(find_place(self.python_func), binds=binds) from None
        if not environment.description.has_image:
            raise NoImageError(name=environment.name, file=environment.pyproject)
        return environment

    @property
    def bundle(self) -> Bundle:
        """The files that ship with the component, collected now and checked.

        Raises:
            BundleError: The function reaches something that can't ship, or that can't be imported
                in the environment.
            EnvironmentsError: The environment is missing or stale.
        """
        project = self.project
        with collector.paused():
            return self._collect(project, self._environment_of(project))

    @property
    def required_inputs(self) -> list[str]:
        """The inputs without a default, as in KFP. They don't depend on the bundle."""
        inputs = self._specification.inputs or {}
        return [name for name, described in inputs.items() if not described.optional]

    @property
    def inputs(self) -> tuple[Port, ...]:
        """The inputs. They don't depend on the bundle."""
        return read_ports(self._specification.inputs)

    @property
    def outputs(self) -> tuple[Port, ...]:
        """The outputs. They don't depend on the bundle."""
        return read_ports(self._specification.outputs)

    @property
    def purpose(self) -> str:
        """The description in the docstring, without arguments. Empty if there is none."""
        return self._specification.description or ""

    def _collect(self, project: Project, environment: Environment | None) -> Bundle:
        embedded = self.options.kfp.get("embedded_artifact_path")
        bundle = collect(
            self.python_func,
            project=project,
            helpers=self.options.helpers,
            additional_funcs=self.options.kfp.get("additional_funcs") or (),
            embedded_artifact=None if embedded is None else Path(embedded),
            environment=environment,
        )
        if environment is None:
            self._say_unchecked(bundle)
        else:
            require_fresh(environment)
            check(bundle, environment)
        return bundle

    def _inject(self) -> None:
        """Put the bundle and the environment's image into the specification."""
        circumstances = circumstances_of(self.python_func)
        if self._snapshot is not None and self._snapshot.is_current(circumstances):
            return
        project = self.project
        environment = self._environment_of(project)
        with collector.paused():
            bundle = self._collect(project, environment)
        container = copy.copy(self._specification.implementation.container)
        start_up = encode(bundle, carry_runtime=self.options.carries_runtime)
        container.command = [*self._install_step, *start_up]
        if environment is not None:
            container.image = environment.image
        self._specification = copy.copy(self._specification)
        self._specification.implementation = copy.copy(self._specification.implementation)
        self._specification.implementation.container = container
        deciding = deciding_paths_of(self.python_func, project)
        if environment is not None:
            deciding += list_deciding_files(environment)
        self._snapshot = self._take_snapshot(bundle, project, deciding, circumstances)

    def _take_snapshot(
        self,
        bundle: Bundle,
        project: Project,
        deciding: tuple[Path, ...],
        circumstances: Hashable,
    ) -> Snapshot | None:
        """Record the state of the files, unless folders ship, which can get new files."""
        if self.options.helpers or bundle.embedded is not None:
            return None
        files = {file.source for file in bundle.files} | {*bundle.folders, *bundle.consulted}
        return Snapshot.take(
            files, project.source_roots, deciding=deciding, circumstances=circumstances
        )

    def _say_unchecked(self, bundle: Bundle) -> None:
        if bundle.imports:
            names = sorted({imported.module.partition(".")[0] for imported in bundle.imports})
            _log.warning(
                "`%s` runs in the image `%s`, not in an environment: its imports of %s cannot be "
                "checked. Bind it to an environment to have them checked.",
                self.name,
                self._specification.implementation.container.image,
                quote_all(names),
            )


def make_component(function: Callable[..., Any], options: Options) -> Component:
    """Create the component of a function.

    Args:
        function: The function. Its annotations may be strings.
        options: The arguments of the decorator.

    Returns:
        The component.

    Raises:
        NotAFunctionError: The object is not a function.
        SourceUnavailableError: The function's source cannot be read.
        ConflictingOptionsError: Options are mutually exclusive.
        UnresolvedAnnotationError: An annotation uses a name that is undefined at run time.
        ForeignTypeError: An input or output has a type that KFP does not know.
        PlaceholderInputError: A default or an option is a placeholder.
    """
    require_plain_options({"func": function, **options.given})
    require_definition(function)
    place = find_place(function)
    options.require_consistent(place)
    resolve_annotations(function, place)
    require_plain_interface(function, place)
    with _warnings_at(place), collector.paused():
        plain = make_python_component(function, options.for_kfp())
    component = Component(plain, options)
    saved_to = options.kfp.get("output_component_file")
    if saved_to is not None:
        component.component_spec.save_to_component_yaml(saved_to)
    return component


@contextlib.contextmanager
def _warnings_at(place: Place) -> Iterator[None]:
    """Show KFP's warnings with the author's line instead of a line of kfpkit."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for each in caught:
        warnings.warn_explicit(each.message, each.category, str(place.file), place.line or 0)
