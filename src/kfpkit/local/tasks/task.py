"""One task of a run: it is taken from the cache, or runs, and the journal records it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kfpkit.errors import KfpkitError
from kfpkit.local.graph import Outcome, Result, Slots
from kfpkit.local.launching import Launcher, TaskVariables
from kfpkit.local.record import Journal, RunFolder, writing
from kfpkit.local.tasks.attempt import (
    Attempted,
    describe_attempt,
    list_delays,
    read_attempt,
    working_folder,
)
from kfpkit.local.tasks.cache import TaskCache
from kfpkit.local.tasks.cache_lookup import CacheLookup
from kfpkit.local.tasks.failure import find_place, read_exception
from kfpkit.local.tasks.finished import FinishedTasks
from kfpkit.local.tasks.invocation import Invocation, own_variables
from kfpkit.local.tasks.keys import CacheRule, KeyMaker, OwnNames, may_be_cached
from kfpkit.processes import Ending, Processes
from kfpkit.project import Project
from kfpkit.runs.record import Cause, Component, State
from kfpkit.specification import (
    ComponentSpec,
    ContainerSpec,
    ExecutorSpec,
    PipelineTaskSpec,
)
from kfpkit.specification.execution import Job, TaskFailure

_IMPORTER = "importer"


@dataclass(frozen=True, kw_only=True)
class TaskRunner:
    """Runs the tasks of one run.

    Args:
        executors: The pipeline's executors by label.
        job: The run, whose name and times tasks can receive.
        launcher: Runs commands in the environments of their images.
        processes: Whether the run is being stopped.
        journal: Records the state of each task.
        folder: The run's folder.
        cache: The outputs of earlier tasks. None if caching is off.
        finished: The outputs that the run keeps for retries.
        earlier: The outputs of the run that this one retries, and of those that it has retried
            itself, the newest first. Empty if this isn't a retry.
        again: The tasks of a retry that run although they have succeeded.
        always: Whether all tasks of a retry do so.
        slots: Limits the number of processes, and shares the processors among them.
        variables: What the configuration sets for every task.
        emulators: The variables that point clients to the emulators. They change with each run.
        timeout: The time limit in seconds of tasks that don't set one.
        timeouts: The time limits of tasks that set one, by their executors' labels.
        emulator_data: Identifies the data of the emulators.
        project: The project with the author's files.
        pipeline: The pipeline's name.
        components: Its components in the form of the record, by name.
        report: Called with a line for people.
        rule: The rule of the cache. By default, this machine's own.
    """

    executors: Mapping[str, ExecutorSpec]
    job: Job
    launcher: Launcher
    processes: Processes
    journal: Journal
    folder: RunFolder
    cache: TaskCache | None
    finished: FinishedTasks
    earlier: Sequence[FinishedTasks] = ()
    again: Collection[str] = ()
    always: bool = False
    slots: Slots
    variables: Mapping[str, str] = field(default_factory=dict)
    emulators: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None
    timeouts: Mapping[str, float] = field(default_factory=dict)
    emulator_data: str = ""
    project: Project
    pipeline: str
    components: Mapping[str, Component]
    report: Callable[[str], object]
    rule: CacheRule | None = None

    def environment(self, component: ComponentSpec) -> str:
        """Return the name of what a component runs in.

        Args:
            component: The `ComponentSpec`.
        """
        executor = self.executors[component.executor_label]
        if executor.WhichOneof("spec") == _IMPORTER:
            return _IMPORTER
        return self.launcher.name(executor.container.image)

    @property
    def anew(self) -> TaskRunner:
        """Return a runner that runs the tasks of a retry although they have succeeded."""
        return replace(self, always=True)

    def run(
        self,
        name: str,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Mapping[str, Any],
    ) -> Result:
        """Run a task, and record its end in the journal.

        Args:
            name: The task's name, unique in the run.
            task: The `PipelineTaskSpec`.
            component: The `ComponentSpec`.
            arguments: Its resolved inputs.

        Returns:
            Its result. A failed task raises nothing.
        """
        if self.processes.stopping:
            self.journal.note(name, State.NOT_STARTED, cause=Cause(kind="stopped"))
            return Result(outcome=Outcome.FAILED)
        self.journal.add(name, ready=time.time())
        invocation = self._invocation(name, component, arguments)
        executor = self.executors[component.executor_label]
        try:
            self.journal.add(name, inputs=invocation.values)
            if executor.WhichOneof("spec") == _IMPORTER:
                outputs = invocation.imported(executor.importer)
                self._names(name).name_import(outputs, again=executor.importer.reimport)
                return self._done(name, State.SUCCEEDED, outputs)
            return self._run_container(name, task, executor.container, invocation)
        except KfpkitError as error:
            if self.processes.stopping:
                return self._stopped(name)
            return self._failed(name, str(error))

    def _invocation(
        self, name: str, component: ComponentSpec, arguments: Mapping[str, Any]
    ) -> Invocation:
        return Invocation(
            component=component,
            arguments=arguments,
            path=tuple(name.split("/")),
            job=self.job,
            root=self.folder.artifacts / name,
        )

    def _names(self, name: str) -> CacheRule | OwnNames:
        folder = self.folder
        return self.rule or OwnNames(run=folder.path.name, task=name, artifacts=folder.artifacts)

    def _run_container(
        self, name: str, task: PipelineTaskSpec, container: ContainerSpec, invocation: Invocation
    ) -> Result:
        lookup = self._look_up(name, task, container, invocation)
        found = lookup.find()
        self.journal.add(name, cache=lookup.describe(found))
        if found is not None:
            return self._done(name, State.CACHED, found.entry.outputs)
        with self.slots.competing():
            attempt = self._attempts(name, task, container, invocation)
        if attempt is None:
            return self._stopped(name)
        if attempt.failure:
            return self._failed(name, attempt.failure, reports=invocation.reports())
        try:
            lookup.keep(attempt.outputs)
        except OSError as error:  # the task has succeeded all the same
            cause = error.strerror or str(error)
            self.report(f"The outputs of `{name}` can't be kept for later runs: {cause}.")
        return self._done(name, State.SUCCEEDED, attempt.outputs)

    def _look_up(
        self, name: str, task: PipelineTaskSpec, container: ContainerSpec, invocation: Invocation
    ) -> CacheLookup:
        return CacheLookup(
            cache=self.cache if may_be_cached(task) else None,
            pipeline=self.pipeline,
            finished=self.finished,
            earlier=self.earlier,
            again=bool(self.earlier) and (self.always or name in self.again),
            run=self.folder.path.name,
            task=name,
            key=self._keys.make(task, container, invocation),
        )

    @property
    def _keys(self) -> KeyMaker:
        return KeyMaker(
            launcher=self.launcher,
            configuration=self.variables,
            emulators=self.emulators,
            emulator_data=self.emulator_data,
            components=self.components,
            artifacts=self.folder.artifacts,
            root=self.project.root,
            pipeline=self.pipeline,
            rule=self.rule,
        )

    def _attempts(
        self, name: str, task: PipelineTaskSpec, container: ContainerSpec, invocation: Invocation
    ) -> Attempted | None:
        """Run the command, and again as often as the task allows. None if the run is stopped."""
        attempt = self._attempt(name, container, invocation)
        for number, delay in enumerate(list_delays(task.retry_policy), start=2):
            if attempt is None or not attempt.failure:
                break
            self.processes.pause(delay)
            self._separate(name, number)
            attempt = self._attempt(name, container, invocation)
        return attempt

    def _attempt(
        self, name: str, container: ContainerSpec, invocation: Invocation
    ) -> Attempted | None:
        """Run the command once, and read its outputs. None if the run is stopped."""
        times: dict[str, float] = {"preparing": time.time()}
        ending = self._launch(name, container, invocation, times)
        if ending is None:
            return None
        times["ended"] = time.time()
        attempt = read_attempt(ending, invocation)
        self._record(name, ending, attempt.failure, times)
        return attempt

    def _record(self, name: str, ending: Ending, failure: str, times: Mapping[str, float]) -> None:
        record = self.journal.find(name)
        before = () if record is None else record.attempts
        self.journal.add(name, attempts=(*before, describe_attempt(ending, failure, times)))

    def _launch(
        self,
        name: str,
        container: ContainerSpec,
        invocation: Invocation,
        times: dict[str, float],
    ) -> Ending | None:
        """Run the command once, and note its times. None if the run is stopped."""
        scratch = self.folder.task(name)
        with writing(self.folder.path):
            scratch.mkdir(parents=True, exist_ok=True)
        self.journal.note(name, State.PREPARING, log=self.folder.log(name))
        with self.launcher.ready(container.image, scratch=scratch) as launch:
            self.journal.note(name, State.WAITING)
            with self.slots.taken() as processors:
                if self.processes.stopping:
                    return None
                self.journal.note(name, State.RUNNING)
                times["running"] = time.time()
                with working_folder(self.folder, scratch, invocation.root) as work:
                    execution = invocation.execution(
                        container,
                        folder=work,
                        log=self.folder.log(name),
                        variables=replace(self._variables(container), run=self.emulators),
                        reads=[self.folder.path.parent],  # what the cache gives: earlier runs
                    )
                    timeout = self.timeouts.get(invocation.component.executor_label, self.timeout)
                    return launch(replace(execution, threads=processors, timeout=timeout))

    def _variables(self, container: ContainerSpec) -> TaskVariables:
        """Return what the configuration and the pipeline set, for every way to run."""
        return TaskVariables(configuration=self.variables, task=own_variables(container))

    def _separate(self, name: str, number: int) -> None:
        log = self.folder.log(name)
        with writing(self.folder.path), log.open("a", encoding="utf-8") as output:
            output.write(f"--- attempt {number} ---\n")

    def _done(self, name: str, state: State, outputs: Mapping[str, Any]) -> Result:
        self.journal.note(name, state, outputs=outputs)
        return Result(outcome=Outcome.SUCCEEDED, outputs=outputs)

    def _failed(self, name: str, failure: str, **facts: Any) -> Result:
        sentence = failure.removesuffix(".")
        log = self.folder.log(name)
        place = find_place(log, self.project)
        self.journal.note(name, State.FAILED, failure=sentence, place=place, **facts)
        cause = "\n".join(filter(None, [f"{sentence}.", read_exception(log)]))
        return Result(outcome=Outcome.FAILED, failures=[TaskFailure(name=name, cause=cause)])

    def _stopped(self, name: str) -> Result:
        self.journal.note(name, State.STOPPED, cause=Cause(kind="stopped"))
        return Result(outcome=Outcome.FAILED)
