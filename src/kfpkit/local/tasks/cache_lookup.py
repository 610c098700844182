"""The cache of one task: whether an earlier success serves, and the reasons for a miss.

How the key is computed is in `kfpkit.specification.execution.cache_keys`; whether an entry is still
valid is in `entry` (`Entry.is_unchanged`) and `fingerprint`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.cache_rule import CacheRule, KeyFacts
from kfpkit.local.tasks.entry import Entry
from kfpkit.local.tasks.finished import FinishedTasks
from kfpkit.local.tasks.invocation import Invocation
from kfpkit.local.tasks.key_parts import KeyParts, digest
from kfpkit.runs.record import CacheUse, Miss
from kfpkit.specification import ContainerSpec, PipelineTaskSpec, artifacts_in, local_path
from kfpkit.specification.execution import compute_task_key, serialize_outputs

_FUNCTION = "--function_to_execute"
_INJECTED = "pipelinechannel--"  # inputs that KFP's compiler adds for strings


@dataclass(frozen=True, kw_only=True)
class Found:
    """The outputs of an earlier success, which a task uses instead of running.

    Args:
        entry: The outputs.
        retry: Whether they are from the run that this one retries, and not from the cache.
    """

    entry: Entry
    retry: bool


@dataclass(frozen=True, kw_only=True)
class CacheLookup:
    """The cache of one task.

    Args:
        cache: The cache. None if caching is off for the task or the run.
        finished: The outputs that the run keeps for retries.
        earlier: The outputs of the run that this one retries. None if this isn't a retry.
        again: Whether the task runs even if it has succeeded earlier.
        pipeline: The pipeline's name.
        run: The run's id.
        task: The task's name in the run.
        invocation: The task's component with its inputs.
        container: Its container.
        variables: The environment variables that the author set.
        custom: The author's own key. Empty without one.
        environment: The name of what it runs in.
        built_from: What its image is built from, by name. Empty if that isn't known.
        component: The component's name.
        files: The digests of the files of its bundle, by path.
        artifacts: The folder with the artifacts of the run.
        rule: The rule for keys in the cache. By default, this machine's own.
    """

    cache: TaskCache | None
    finished: FinishedTasks
    earlier: FinishedTasks | None = None
    again: bool = False
    pipeline: str
    run: str
    task: str
    invocation: Invocation
    container: ContainerSpec
    variables: Mapping[str, str]
    custom: str
    environment: str
    built_from: Mapping[str, str] = field(default_factory=dict)
    component: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    artifacts: Path
    rule: CacheRule | None = None

    @cached_property
    def key(self) -> str:
        """The task's key."""
        if self.rule is not None:
            return self.rule.compute_key(
                KeyFacts(
                    pipeline=self.pipeline,
                    component=self.invocation.component,
                    container=self.container,
                    values=self.invocation.values,
                    custom=self.custom,
                )
            )
        return self._compute_key(self.invocation.values, custom=self.custom)

    @cached_property
    def key_parts(self) -> KeyParts:
        """The parts of the key."""
        inputs = serialize_outputs(self._inputs)
        return KeyParts(
            function=self._function or self.component,
            image=self.container.image,
            environment=self.environment,
            built_from=dict(self.built_from),
            files=dict(self.files),
            command=digest(self._command),
            inputs={name: digest(value) for name, value in inputs.items()},
            custom=self.custom,
        )

    def find(self) -> Found | None:
        """Return the outputs of an earlier success, which then counts as the task's last one."""
        found = None if self.again else self._find()
        if found is not None:
            # Its files are as they were, so it is kept without reading them again.
            self.finished.put(self.task, self._locate_key(self.finished), found.entry)
            self._keep_parts()
        return found

    def _find(self) -> Found | None:
        if self.earlier is not None:
            entry = self.earlier.get(self.task, self._locate_key(self.earlier))
            if entry is not None:
                return Found(entry=entry, retry=True)
        entry = None if self.cache is None else self.cache.get(self.key)
        return None if entry is None else Found(entry=entry, retry=False)

    def keep(self, outputs: Mapping[str, Any]) -> None:
        """Write the task's outputs for retries of its run, and to the cache.

        Args:
            outputs: Its parameters and artifacts by name. The rule may name the artifacts.

        Raises:
            OSError: They can't be read, or can't be written to the cache.
        """
        if self.rule is not None:
            self.rule.name_outputs(outputs)
        entry = Entry.take(outputs, run=self.run, task=self.task)
        self.finished.put(self.task, self._locate_key(self.finished), entry)
        if self.cache is not None:
            self.cache.put(self.key, entry)
            self._keep_parts()

    def describe(self, found: Found | None) -> CacheUse:
        """Return the task's use of the cache for the record.

        Args:
            found: The outputs of an earlier success, if the task uses them.
        """
        if found is not None:
            made = found.entry
            retry = found.retry or None
            return CacheUse(key=self.key, hit=True, run=made.run, task=made.task, retry=retry)
        return CacheUse(key=self.key, hit=False, miss=self._explain_miss() or None)

    def _locate_key(self, finished: FinishedTasks) -> str:
        """Return the key for a run's folder, which stays the same when the folder is moved.

        The author's own key is for the cache; what a retry reuses has had the same inputs.
        """
        return self._compute_key(finished.place(dict(self.invocation.values)), custom="")

    def _explain_miss(self) -> tuple[Miss, ...]:
        if self.cache is None or self.again:
            return (Miss(kind="off"),)
        before = self.cache.read_parts(self.pipeline, self.task)
        if before is None:
            return (Miss(kind="never"),)
        made_here = [name for name, value in self._inputs.items() if self._is_made_here(value)]
        return self.key_parts.describe_changes(before, made_here)

    def _is_made_here(self, value: Any) -> bool:
        paths = [local_path(artifact) for artifact in artifacts_in(value)]
        return any(path is not None and path.is_relative_to(self.artifacts) for path in paths)

    def _keep_parts(self) -> None:
        # They only explain a miss, so a run doesn't fail without them.
        with contextlib.suppress(OSError):
            known = None if self.cache is None else self.cache.read_parts(self.pipeline, self.task)
            if self.cache is not None and known != self.key_parts:
                self.cache.keep_parts(self.pipeline, self.task, self.key_parts)

    def _compute_key(self, arguments: Mapping[str, Any], *, custom: str) -> str:
        return compute_task_key(
            function=self._function,
            image=self.container.image,
            command=self._command,
            arguments=arguments,
            variables=self.variables,
            custom=custom,
        )

    @property
    def _inputs(self) -> dict[str, Any]:
        values = self.invocation.values
        return {name: value for name, value in values.items() if not name.startswith(_INJECTED)}

    @property
    def _command(self) -> list[str]:
        return [*self.container.command, *self.container.args]

    @property
    def _function(self) -> str:
        return _read_function(self.container.args)


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
