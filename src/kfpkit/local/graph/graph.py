"""The graph of tasks, with KFP's rules for conditions, loops and exit handlers.

A graph runs its tasks through `run_in_order`. A task is a component that `RunTask` runs, or a
nested graph: the body of a loop, of a condition or of an exit handler, or a pipeline used as a
component. All follow the compiled specification, where each of these is a separate `dag`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from kfpkit.errors import KfpkitError
from kfpkit.local.graph.brake import Brake
from kfpkit.local.graph.position import Position
from kfpkit.local.graph.scheduler import run_in_order
from kfpkit.local.graph.slots import Slots
from kfpkit.local.record import Journal
from kfpkit.runs.record import Cause, State
from kfpkit.specification import (
    ComponentSpec,
    PipelineTaskSpec,
    find_dependencies,
    holds,
    runs_anyway,
    sort_tasks,
)
from kfpkit.specification.execution import (
    Job,
    Scope,
    TaskFailure,
    collect_graph_outputs,
    collect_iterations,
    merge_failures,
    resolve_graph_inputs,
    resolve_loop,
    resolve_task_arguments,
)


class Outcome(enum.Enum):
    """How a task ended, for the tasks that depend on it."""

    SUCCEEDED = enum.auto()
    SKIPPED = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a task or a graph ended, and its outputs.

    Args:
        outcome: How it ended.
        outputs: Its outputs by name.
        failures: The reasons for a failure: its own, or those of tasks in or before it.
    """

    outcome: Outcome
    outputs: Mapping[str, Any] = field(default_factory=dict)
    failures: Sequence[TaskFailure] = ()


@dataclass(frozen=True, kw_only=True)
class _Leaf:
    """A task that isn't a graph, or a loop, which its iterations replace."""

    position: Position
    component: ComponentSpec = None
    title: str = ""

    @property
    def name(self) -> str:
        """Its name in the run."""
        return self.position.name


class RunTask(Protocol):
    """Runs the tasks that aren't graphs."""

    @property
    def anew(self) -> RunTask:
        """Return a runner that takes no task from the run that a retry continues from."""

    def environment(self, component: ComponentSpec) -> str:
        """Return the name of a component's environment.

        Args:
            component: The `ComponentSpec`.
        """

    def run(
        self,
        name: str,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Mapping[str, Any],
    ) -> Result:
        """Run a task, and record in the journal how it ends.

        Args:
            name: The task's name, unique in the run.
            task: The `PipelineTaskSpec`.
            component: The `ComponentSpec`.
            arguments: Its resolved inputs.

        Returns:
            Its result. A failed task doesn't raise an error.
        """


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A graph of a compiled pipeline.

    Args:
        component: The `ComponentSpec` with the graph.
        components: All components of the pipeline by name.
        job: The run, for tasks that need facts about it.
        runner: Runs the tasks that aren't graphs.
        journal: Records the tasks that don't run.
        slots: Counts what is due.
        loop_width: The number of parallel iterations of a loop without a limit.
        brake: Tells whether more tasks start after a failure.
        position: The position of the graph in the pipeline.
    """

    component: ComponentSpec
    components: Mapping[str, ComponentSpec]
    job: Job
    runner: RunTask
    journal: Journal
    slots: Slots
    loop_width: int
    brake: Brake = field(default_factory=Brake)
    position: Position = field(default_factory=Position)

    def expect(self) -> None:
        """Record all tasks that may run. Until it starts, a loop represents its tasks."""
        for leaf in self._leaves():
            environment = "" if leaf.component is None else self._environment(leaf.component)
            self.journal.expect(leaf.name, environment, leaf.title, **leaf.position.facts)

    def run(self, arguments: Mapping[str, Any]) -> Result:
        """Run all tasks.

        Args:
            arguments: The graph's inputs.

        Returns:
            Its outputs. Empty if a task has failed.
        """
        inputs = resolve_graph_inputs(arguments, self.component)
        scope = Scope(job=self.job, path=self.position.path, inputs=inputs)
        tasks = self.component.dag.tasks

        due: dict[str, int] = {}

        def announce(names: Sequence[str]) -> None:
            due.update(zip(names, self.slots.expect(len(names)), strict=True))

        def step(name: str, upstream: Mapping[str, Outcome]) -> Outcome:
            with self.slots.deciding(due[name]):
                result = self._step(name, tasks[name], upstream, scope)
            scope.outputs[name] = result.outputs
            if result.outcome is Outcome.FAILED:
                scope.failures[name] = result.failures
                self.brake.note(result.failures)
            return result.outcome

        needs = {name: find_dependencies(task) for name, task in tasks.items()}
        if Outcome.FAILED in run_in_order(needs, step, announce).values():
            failures = merge_failures(scope.failures.values())
            return Result(outcome=Outcome.FAILED, failures=failures)
        outputs = collect_graph_outputs(self.component.dag, scope)
        return Result(outcome=Outcome.SUCCEEDED, outputs=outputs)

    def _step(
        self, name: str, task: PipelineTaskSpec, upstream: Mapping[str, Outcome], scope: Scope
    ) -> Result:
        is_stopped = Outcome.FAILED in upstream.values() or self.brake.failures
        if is_stopped and not runs_anyway(task):
            own = merge_failures(scope.failures.get(other, ()) for other in upstream)
            failures = own or self.brake.failures
            self._pass_over(name, task, State.NOT_STARTED, self._blame(failures))
            return Result(outcome=Outcome.FAILED, failures=failures)
        component = self.components[task.component_ref.name]
        try:
            arguments = resolve_task_arguments(name, task, component, scope)
            condition = task.trigger_policy.condition
            if condition and not holds(condition, arguments):
                condition = "/".join(self.position.task(name).node)
                cause = Cause(kind="condition", node=condition)
                self._pass_over(name, task, State.SKIPPED, cause)
                return Result(outcome=Outcome.SKIPPED)
            if task.WhichOneof("iterator"):
                return self._loop(name, task, component, arguments)
        except KfpkitError as error:
            return self._fail(name, task, error)
        return self._once(self.position.task(name), task, component, arguments)

    def _once(
        self,
        position: Position,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Mapping[str, Any],
    ) -> Result:
        # What runs however the rest ended acts on its end, so it does so in each retry.
        runner = self.runner.anew if runs_anyway(task) else self.runner
        if component.WhichOneof("implementation") == "dag":
            brake = Brake() if runs_anyway(task) else self.brake
            inside = replace(self._inside(position, component), runner=runner, brake=brake)
            return inside.run(arguments)
        return runner.run(position.name, task, component, arguments)

    def _loop(
        self,
        name: str,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Mapping[str, Any],
    ) -> Result:
        loop = resolve_loop(name, task, component, arguments)
        own = self.position.task(name)
        iterations = [own.iterate(number, item) for number, item in enumerate(loop.items)]
        if not iterations:
            self.journal.note(own.name, State.SKIPPED)
            return Result(outcome=Outcome.SUCCEEDED, outputs=collect_iterations(component, []))
        self.journal.forget(own.name)
        for each in iterations:
            self._inside(each, component).expect()
        width = min(task.iterator_policy.parallelism_limit or self.loop_width, len(iterations))
        # A loop in a loop shares what there is, lest threads multiply from level to level.
        body = replace(self, loop_width=max(2, self.loop_width // width))
        due = iter(self.slots.expect(width))

        def iterate(position: Position, item: Any) -> Result:
            # An iteration that waited for another one's end is due now.
            number = next(due, None)
            with self.slots.deciding(self.slots.expect(1)[0] if number is None else number):
                return body._once(position, task, component, {**arguments, loop.item_input: item})  # noqa: SLF001 - the same class

        with ThreadPoolExecutor(max_workers=width) as threads:
            results = list(threads.map(iterate, iterations, loop.items))
        if any(result.outcome is Outcome.FAILED for result in results):
            failures = merge_failures(result.failures for result in results)
            return Result(outcome=Outcome.FAILED, failures=failures)
        outputs = collect_iterations(component, [result.outputs for result in results])
        return Result(outcome=Outcome.SUCCEEDED, outputs=outputs)

    def _fail(self, name: str, task: PipelineTaskSpec, error: KfpkitError) -> Result:
        position = self.position.task(name)
        own = position.name
        cause = Cause(kind="upstream", node="/".join(position.node))
        for leaf in self._leaves_of(name, task):
            if leaf.name != own:
                self.journal.note(leaf.name, State.NOT_STARTED, cause=cause)
        self.journal.expect(own, "", **position.facts)
        self.journal.note(own, State.FAILED, failure=str(error).removesuffix("."))
        failure = TaskFailure(name=own, cause=str(error))
        return Result(outcome=Outcome.FAILED, failures=[failure])

    def _pass_over(self, name: str, task: PipelineTaskSpec, state: State, cause: Cause) -> None:
        for leaf in self._leaves_of(name, task):
            self.journal.note(leaf.name, state, cause=cause)

    def _blame(self, failures: Sequence[TaskFailure]) -> Cause:
        """Return why tasks after failures do not start; a run that stops has no failure."""
        if not failures:
            return Cause(kind="stopped")
        failed = self.journal.find(failures[0].name)
        return Cause(kind="upstream", node=None if failed is None else failed.node)

    def _leaves(self) -> Iterator[_Leaf]:
        tasks = self.component.dag.tasks
        for name in sort_tasks(tasks):
            yield from self._leaves_of(name, tasks[name])

    def _leaves_of(self, name: str, task: PipelineTaskSpec) -> Iterator[_Leaf]:
        component = self.components[task.component_ref.name]
        position = self.position.task(name)
        if task.WhichOneof("iterator"):
            yield _Leaf(position=position)
        elif component.WhichOneof("implementation") == "dag":
            yield from self._inside(position, component)._leaves()  # noqa: SLF001 - the same class
        else:
            title = task.task_info.name
            shown = "" if title == name else title
            yield _Leaf(position=position, component=component, title=shown)

    def _inside(self, position: Position, component: ComponentSpec) -> Graph:
        return replace(self, component=component, position=position.inside)

    def _environment(self, component: ComponentSpec) -> str:
        return self.runner.environment(component)
