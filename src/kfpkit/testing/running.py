"""Runs one component as a container of a pipeline would."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfpkit.errors import (
    ComponentFailedError,
    ComponentNotFailedError,
    KfpkitError,
    TaskValuesError,
    UnwrittenOutputError,
)
from kfpkit.testing.artifacts import Artifact

if TYPE_CHECKING:
    from kfpkit.authoring import Component
    from kfpkit.local.launching import Launcher
    from kfpkit.local.tasks import Invocation
    from kfpkit.processes import Ending
    from kfpkit.project import Project


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of a component's run.

    Args:
        environment: Where it ran: its environment's name. For a foreign image, `plain` or, with
            `--containers`, the image.
        exit_code: 0 if it succeeded. Negative for the signal that ended it.
        failure: The cause of a failure, such as "it exited with code 1" or a missing output. Empty
            if it succeeded.
        log: Its complete output.
        parameters: Its output parameters by name. A single returned value is named `Output`.
        artifacts: Its output artifacts, by name.
    """

    environment: str
    exit_code: int
    failure: str
    log: str
    parameters: Mapping[str, Any]
    artifacts: Mapping[str, Artifact]

    def __getitem__(self, name: str) -> Artifact:
        """Return an output artifact."""
        return self.artifacts[name]


@dataclass(frozen=True, kw_only=True)
class RunComponent:
    """Runs components. The fixture `run_component` is one.

    Args:
        project: The tests' project.
        folder: The folder for logs and outputs of runs.
        environment: The environment to bind components to. None to use each component's own.
        containers: Whether they run in their images, not in virtual environments.
    """

    project: Project
    folder: Path
    environment: str | None = None
    containers: bool = False

    def __call__(
        self,
        component: Component,
        /,
        *,
        fails: bool = False,
        network: bool = False,
        variables: Mapping[str, str] | None = None,
        inputs: Mapping[str, Any] | None = None,
        **named_inputs: Any,
    ) -> Result:
        """Run a component: its encoded command, with its locked packages.

        Args:
            component: The component.
            fails: Whether the test expects it to fail.
            network: Whether a container gets the machine's network, for example for emulators. A
                virtual environment always has it.
            variables: Environment variables for it.
            inputs: Inputs by name, if their names are arguments of this function.
            **named_inputs: Inputs: values for parameters. For artifacts, an `Artifact`, a `Path` or
                an artifact of `kfp.dsl`, or a list of them.

        Returns:
            The result.

        Raises:
            ComponentArgumentsError: The inputs don't match the component.
            ComponentFailedError: It failed, and `fails` is false.
            ComponentNotFailedError: It succeeded, and `fails` is true.
            BundleError: It can't ship.
            EnvironmentsError: Its environment is missing or stale, or can't be created.
            LocalRunError: Its command can't run.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        from kfpkit.authoring import active_project  # noqa: PLC0415 - imports kfp
        from kfpkit.local.launching import launcher_for  # noqa: PLC0415 - as above

        try:
            with active_project(self.project):
                bound = self._bound(component)
                run = _Run.of(bound, {**named_inputs, **(inputs or {})}, self._new_folder())
                with launcher_for(
                    bound.project, containers=self.containers, network=network
                ) as launcher:
                    result = run.go(launcher, variables or {})
        except KfpkitError as error:
            # Its text says everything; where kfpkit found it tells the test's author nothing.
            raise error.with_traceback(None) from None
        if result.failure and not fails:
            raise run.failure(result, bound.project)
        if fails and not result.failure:
            raise ComponentNotFailedError(component=bound.name, environment=result.environment)
        return result

    def _bound(self, component: Component) -> Component:
        environment = self.environment
        return component if environment is None else component.in_environment(environment)

    def _new_folder(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))


@dataclass(frozen=True, kw_only=True)
class _Run:
    """One run of one component."""

    name: str
    container: Any
    invocation: Invocation
    folder: Path

    @classmethod
    def of(cls, component: Component, given: Mapping[str, Any], folder: Path) -> _Run:
        from kfpkit.local.tasks import Invocation  # noqa: PLC0415 - as above
        from kfpkit.specification import read_executors  # noqa: PLC0415 - as above
        from kfpkit.specification.execution import Job  # noqa: PLC0415 - imports kfp
        from kfpkit.testing.arguments import make_component_arguments  # noqa: PLC0415 - as above

        spec = component.pipeline_spec
        (executor,) = read_executors(spec).values()
        (interface,) = spec.components.values()
        invocation = Invocation(
            component=interface,
            arguments=make_component_arguments(component.name, interface, given),
            path=(component.name,),
            job=Job.create(folder.name, root=folder, workspace=folder / "workspace"),
            root=folder / "outputs",
        )
        return cls(
            name=component.name,
            container=executor.container,
            invocation=invocation,
            folder=folder,
        )

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def go(self, launcher: Launcher, variables: Mapping[str, str]) -> Result:
        from kfpkit.local.launching import TaskVariables  # noqa: PLC0415 - imports kfp
        from kfpkit.local.tasks import own_variables  # noqa: PLC0415 - as above

        image = self.container.image
        launcher.check([image])
        launcher.prepare([image], logs=self.folder)
        work = self.folder / "work"
        for folder in (work, self.invocation.root):
            folder.mkdir()
        execution = self.invocation.execution(
            self.container,
            folder=work,
            log=self.log,
            variables=TaskVariables(task=own_variables(self.container), run=variables),
        )
        with launcher.ready(image, scratch=self.folder) as launch:
            ending = launch(execution)
        return self._result(launcher.name(image), ending or Ending(code=1))

    def _result(self, environment: str, ending: Ending) -> Result:
        outputs: dict[str, Any] = {}
        failure = ending.failure
        try:
            outputs = self.invocation.outputs()
        # A component that fails may have left out a parameter, or have written half of it.
        except UnwrittenOutputError as error:
            failure = failure or error.failure
        except TaskValuesError as error:
            failure = failure or str(error).removesuffix(".")
        declared = self.invocation.component.output_definitions
        artifacts = {
            # A component that fails names no artifacts; what it wrote is where it was to write.
            name: Artifact(uri=str(self.invocation.root / name))
            if name not in outputs
            else Artifact(uri=outputs[name].uri, metadata=outputs[name].metadata)
            for name in declared.artifacts
        }
        return Result(
            environment=environment,
            exit_code=ending.code,
            failure=failure,
            log=self.log.read_text(encoding="utf-8", errors="replace"),
            parameters={name: outputs[name] for name in declared.parameters if name in outputs},
            artifacts=artifacts,
        )

    def failure(self, result: Result, project: Project) -> ComponentFailedError:
        from kfpkit.local.tasks import explain  # noqa: PLC0415 - imports kfp

        return ComponentFailedError(
            component=self.name,
            environment=result.environment,
            failure=result.failure,
            said=explain(self.log, project),
            log=self.log,
        )
