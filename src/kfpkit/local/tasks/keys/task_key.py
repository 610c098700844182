"""The cache key of one task: what decides its outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kfpkit.local.launching import Launcher, TaskVariables, merge_variables
from kfpkit.local.tasks.invocation import Invocation, own_variables
from kfpkit.local.tasks.keys.artifact_names import find_execution
from kfpkit.local.tasks.keys.foreign_rule import CacheRule, KeyFacts
from kfpkit.local.tasks.keys.key_parts import KeyParts, digest
from kfpkit.local.tasks.keys.local_files import add_states
from kfpkit.runs.outline import name_component
from kfpkit.runs.record import Component, Environment, Miss
from kfpkit.specification import ContainerSpec, PipelineTaskSpec, artifacts_in, local_path
from kfpkit.specification.execution import compute_task_key, serialize_outputs

_FUNCTION = "--function_to_execute"
_INJECTED = "pipelinechannel--"  # inputs that KFP's compiler adds for strings


@dataclass(frozen=True, kw_only=True)
class TaskKey:
    """The cache key of one task, and what it consists of.

    Args:
        invocation: The task's component with its inputs.
        container: Its container.
        variables: The environment variables that the author set.
        custom: The author's own key, which replaces all but the function. Empty without one.
        environment: The name of what it runs in.
        built_from: What its image is built from, by name. Empty if that isn't known.
        component: The component's name.
        files: The digests of the files of its bundle, by path.
        artifacts: The folder with the artifacts of the run.
        root: The folder at which relative paths in inputs start.
        open: The inputs whose values aren't known yet. The key leaves them out.
        pipeline: The pipeline's name.
        rule: The rule for keys in the cache. By default, this machine's own.
    """

    invocation: Invocation
    container: ContainerSpec
    variables: Mapping[str, str]
    custom: str
    environment: str
    built_from: Mapping[str, str] = field(default_factory=dict)
    component: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    artifacts: Path
    root: Path
    open: Collection[str] = ()
    pipeline: str = ""
    rule: CacheRule | None = None

    @cached_property
    def key(self) -> str:
        """The key."""
        if self.rule is not None:
            return self.rule.compute_key(
                KeyFacts(
                    pipeline=self.pipeline,
                    component=self.invocation.component,
                    container=self.container,
                    values=self._values,
                    custom=self.custom,
                )
            )
        return self.compute(self._values, custom=self.custom)

    @cached_property
    def base(self) -> str:
        """The key without inputs. Equal for tasks that run the same code in the same place."""
        return self.compute({}, custom=self.custom)

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digests of all inputs, by name."""
        values = add_states(self._values, self.root)
        return {name: digest(value) for name, value in serialize_outputs(values).items()}

    @cached_property
    def parts(self) -> KeyParts:
        """The parts of the key, which explain a miss."""
        return KeyParts(
            function=self._function or self.component,
            image=self.container.image,
            environment=self.environment,
            built_from=dict(self.built_from),
            files=dict(self.files),
            command=digest(self._command),
            inputs={
                name: value
                for name, value in self.digests.items()
                if not name.startswith(_INJECTED)
            },
            custom=self.custom,
            variables=digest(dict(self.variables)),
        )

    @property
    def places(self) -> dict[str, list[str]]:
        """By which output of a run the artifacts of each input were produced.

        Relative to its own artifacts, as `TASK/OUTPUT`. Empty for an artifact of no run.
        """
        given = {name: artifacts_in(value) for name, value in self._values.items()}
        return {
            name: [self._find_execution(each)[1] for each in artifacts]
            for name, artifacts in given.items()
            if artifacts
        }

    def explain(self, before: KeyParts | None) -> tuple[Miss, ...]:
        """Return why the task isn't taken from the cache.

        Args:
            before: The parts of the key of its last success, if one is known.

        Returns:
            The reasons. Empty if they aren't known.
        """
        if before is None:
            return (Miss(kind="never"),)
        made_here = [name for name, value in self._values.items() if self._is_made_here(value)]
        changes = self.parts.describe_changes(before, made_here)
        return tuple(miss for miss in changes if miss.name not in self.open)

    def compute(self, arguments: Mapping[str, Any], *, custom: str) -> str:
        """Return the key with other inputs.

        Args:
            arguments: The inputs by name.
            custom: The author's own key. Empty without one.
        """
        return compute_task_key(
            function=self._function,
            image=self.container.image,
            command=self._command,
            arguments=add_states(arguments, self.root),
            variables=self.variables,
            custom=custom,
        )

    def _find_execution(self, artifact: Any) -> tuple[str, str]:
        """Return the run that has produced an artifact, and where. Empty strings for none."""
        path, runs = local_path(artifact), self.artifacts.parent.parent
        if path is None or not path.is_relative_to(runs):
            return find_execution(artifact.name)
        parts = path.relative_to(runs).parts
        return "".join(parts[:1]), "/".join(parts[2:])

    def _is_made_here(self, value: Any) -> bool:
        runs = {self._find_execution(artifact)[0] for artifact in artifacts_in(value)}
        return self.artifacts.parent.name in runs

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        values = self.invocation.values
        return {name: value for name, value in values.items() if name not in self.open}

    @property
    def _command(self) -> list[str]:
        return [*self.container.command, *self.container.args]

    @property
    def _function(self) -> str:
        return _read_function(self.container.args)


@dataclass(frozen=True, kw_only=True)
class KeyMaker:
    """Makes the cache keys of a run's tasks.

    Args:
        launcher: Knows what the images' tasks run in.
        configuration: The variables that the configuration sets for every task.
        emulators: The names of the variables that direct clients to the emulators.
        emulator_data: Identifies the data of the emulators.
        components: The pipeline's components in the form of the record, by name.
        artifacts: The folder with the artifacts of the run.
        root: The folder at which relative paths in inputs start.
        pipeline: The pipeline's name.
        rule: The rule for keys in the cache. By default, this machine's own.
    """

    launcher: Launcher
    configuration: Mapping[str, str] = field(default_factory=dict)
    emulators: Collection[str] = ()
    emulator_data: str = ""
    components: Mapping[str, Component]
    artifacts: Path
    root: Path
    pipeline: str
    rule: CacheRule | None = None

    def make(
        self,
        task: PipelineTaskSpec,
        container: ContainerSpec,
        invocation: Invocation,
        opened: Collection[str] = (),
    ) -> TaskKey:
        """Return the key of a task.

        Args:
            task: The `PipelineTaskSpec`.
            container: Its container.
            invocation: Its component with its inputs.
            opened: The inputs whose values aren't known yet.
        """
        place = self.launcher.place
        environment = self.launcher.name(container.image)
        described = self.launcher.describe().get(environment, Environment())
        component = name_component(task.component_ref.name)
        own = TaskVariables(configuration=self.configuration, task=own_variables(container))
        return TaskKey(
            invocation=invocation,
            container=container,
            variables={
                **merge_variables(own),
                # A table of the emulators differs from one of the same name elsewhere, or from
                # before their data was removed. Their ports don't matter.
                "emulators": " ".join([*sorted(self.emulators), self.emulator_data]),
                # With `--containers`, the task must have run in one.
                **({"place": place} if place else {}),
            },
            custom=task.caching_options.cache_key,
            environment=environment,
            built_from=described.parts,
            component=component,
            files=self.components.get(component, Component()).files,
            artifacts=self.artifacts,
            root=self.root,
            open=opened,
            pipeline=self.pipeline,
            rule=self.rule,
        )


def may_be_cached(task: PipelineTaskSpec) -> bool:
    """Return whether a task may be taken from the cache.

    The task of an exit handler that receives the final status must act in each run.

    Args:
        task: The `PipelineTaskSpec`.
    """
    asks = any(given.HasField("task_final_status") for given in task.inputs.parameters.values())
    return bool(task.caching_options.enable_cache) and not asks


def _read_function(arguments: Sequence[str]) -> str:
    """Return the name of a Python component's function. Empty for other components."""
    given = list(arguments)
    return given[given.index(_FUNCTION) + 1] if _FUNCTION in given else ""
