"""Follows the graphs of a compiled pipeline as a run does, with values that aren't known yet."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kfpkit.errors import KfpkitError
from kfpkit.forecasts.graph.arguments import Arguments, collect_loop_outputs, resolve_arguments
from kfpkit.forecasts.graph.due_task import DueTask
from kfpkit.forecasts.graph.findings import Findings
from kfpkit.forecasts.graph.forecast import Answer, Reason, TaskForecast
from kfpkit.forecasts.graph.judging import judge
from kfpkit.forecasts.graph.lookups import Judgement, Target
from kfpkit.forecasts.graph.open_values import OpenValue
from kfpkit.forecasts.graph.twins import Twins
from kfpkit.local.graph import Position
from kfpkit.specification import (
    ComponentSpec,
    PipelineSpec,
    PipelineTaskSpec,
    find_dependencies,
    runs_anyway,
    sort_tasks,
)
from kfpkit.specification.execution import (
    Job,
    Scope,
    collect_graph_outputs,
    resolve_graph_inputs,
    resolve_loop,
)


def forecast_tasks(
    spec: PipelineSpec, arguments: Mapping[str, Any], *, target: Target, job: Job
) -> tuple[TaskForecast, ...]:
    """Return the forecasts of a run's tasks, each after those that it depends on.

    Args:
        spec: The compiled pipeline.
        arguments: The values of its parameters, by name.
        target: Where the run would be.
        job: A run that doesn't exist, with a name and an ID that no run has had.
    """
    graph = ForecastGraph(
        component=spec.root,
        components=dict(spec.components),
        job=job,
        target=target,
        findings=Findings(),
    )
    graph.follow(arguments)
    return tuple(graph.findings.tasks.values())


class Outcome(enum.Enum):
    """How a task would end."""

    DONE = enum.auto()
    FAILED = enum.auto()


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A task or a graph that a run would have ended.

    Args:
        outcome: How.
        outputs: Its outputs by name, of which some may be open.
        names: The tasks in it and before it.
    """

    outcome: Outcome = Outcome.DONE
    outputs: Mapping[str, Any] = field(default_factory=dict)
    names: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class ForecastGraph:
    """A graph of a compiled pipeline.

    Args:
        component: The `ComponentSpec` with the graph.
        components: All components of the pipeline by name.
        job: A run that doesn't exist, with a name and an id that no run has had.
        target: Where the run would be.
        findings: Collects the forecasts of tasks.
        twins: Collects the tasks that run.
        position: The position of the graph in the pipeline.
        before: The tasks that end before it.
        doubts: What it hangs on whether its tasks run.
        is_shown: Whether its tasks are part of the forecast.
        is_dynamic: Whether it is in a loop whose items aren't constants.
    """

    component: ComponentSpec
    components: Mapping[str, ComponentSpec]
    job: Job
    target: Target
    findings: Findings
    twins: Twins = field(default_factory=Twins)
    position: Position = field(default_factory=Position)
    before: frozenset[str] = field(default_factory=frozenset)
    doubts: tuple[Reason, ...] = ()
    is_shown: bool = True
    is_dynamic: bool = False

    def follow(self, arguments: Mapping[str, Any]) -> Ended:
        """Forecast all tasks.

        Args:
            arguments: The graph's inputs, of which some may be open.
        """
        inputs = resolve_graph_inputs(arguments, self.component)
        scope = Scope(job=self.job, path=self.position.path, inputs=inputs)
        tasks = self.component.dag.tasks
        ended: dict[str, Ended] = {}
        for name in sort_tasks(tasks):
            upstream = [ended[each] for each in find_dependencies(tasks[name]) if each in ended]
            before = self.before.union(*(each.names for each in upstream))
            here = replace(self, before=before)
            ended[name] = here._step(name, tasks[name], upstream, scope)  # noqa: SLF001 - the same class
            scope.outputs[name] = ended[name].outputs
        names = self.before.union(*(each.names for each in ended.values()))
        if any(each.outcome is Outcome.FAILED for each in ended.values()):
            return Ended(outcome=Outcome.FAILED, names=names)
        return Ended(outputs=collect_graph_outputs(self.component.dag, scope), names=names)

    def _step(
        self, name: str, task: PipelineTaskSpec, upstream: Sequence[Ended], scope: Scope
    ) -> Ended:
        if any(each.outcome is Outcome.FAILED for each in upstream) and not runs_anyway(task):
            return self._fail(name, task, Reason(kind="upstream failure"))
        component = self.components[task.component_ref.name]
        try:
            arguments = resolve_arguments(name, task, component, scope)
            condition = task.trigger_policy.condition
            holds = arguments.decide(condition) if condition else True
            if isinstance(holds, OpenValue):
                return self._doubt(name, task, component, arguments, holds)
            if not holds:
                node = "/".join(self.position.task(name).node)
                self._pass_over(name, task, Answer.SKIPPED, Reason(kind="condition", name=node))
                return Ended(names=self.before)
            if task.WhichOneof("iterator"):
                return self._loop(name, task, component, arguments)
            return self._once(self.position.task(name), task, component, arguments)
        except KfpkitError as error:
            return self._fail(name, task, Reason(kind="failure", name=str(error)))

    def _once(
        self,
        position: Position,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Arguments,
    ) -> Ended:
        if component.WhichOneof("implementation") == "dag":
            return self._inside(position, component).follow(arguments.every)
        due = DueTask(
            position=position,
            task=task,
            component=component,
            arguments=arguments,
            before=self.before,
            may_run=bool(self.doubts),
            is_in_dynamic_loop=self.is_dynamic,
        )
        found = self.target.look_up(due)
        judgement = found if isinstance(found, Judgement) else judge(due, found, self.twins)
        self._report(due.name, judgement)
        self.findings.contest(judgement.contested, due.name)
        return Ended(outputs=judgement.outputs, names=self.before | {due.name})

    def _doubt(
        self,
        name: str,
        task: PipelineTaskSpec,
        component: ComponentSpec,
        arguments: Arguments,
        value: OpenValue,
    ) -> Ended:
        """Forecast what runs only if a condition holds that hangs on a value."""
        reasons = [Reason(kind="condition", name=source) for source in value.sources]
        inside = replace(self, doubts=(*self.doubts, *reasons))
        if task.WhichOneof("iterator"):
            ended = inside._loop(name, task, component, arguments)  # noqa: SLF001 - the same class
        else:
            position = self.position.task(name)
            ended = inside._once(position, task, component, arguments)  # noqa: SLF001 - the same class
        return replace(ended, outcome=Outcome.DONE, outputs=self._open_outputs(name, component))

    def _loop(
        self, name: str, task: PipelineTaskSpec, component: ComponentSpec, arguments: Arguments
    ) -> Ended:
        own = self.position.task(name)
        items = _find_items(task, arguments)
        if items is not None:
            reasons = [Reason(kind="value", name=source) for source in items.sources]
            outputs = self._open_outputs(name, component)
            judgement = Judgement(answer=Answer.OPEN, reasons=reasons, outputs=outputs)
            self._report(own.name, judgement)
            # An iteration may do what a later task does.
            doubts = (*self.doubts, *reasons)
            body = replace(self, doubts=doubts, is_shown=False, is_dynamic=True)
            opened = {**arguments.open, _name_item(task): items}
            each = Arguments(known=arguments.known, open=opened)
            ended = body._once(own, task, component, each)  # noqa: SLF001 - the same class
            return replace(ended, outcome=Outcome.DONE, outputs=outputs)
        loop = resolve_loop(name, task, component, arguments.known)
        if not loop.items:
            self._report(own.name, Judgement(answer=Answer.SKIPPED, outputs={}))
        body = replace(self, is_dynamic=self.is_dynamic or not _has_constant_items(task))
        ended_all = [
            body._once(  # noqa: SLF001 - the same class
                own.iterate(number, item),
                task,
                component,
                replace(arguments, known={**arguments.known, loop.item_input: item}),
            )
            for number, item in enumerate(loop.items)
        ]
        names = self.before.union(*(each.names for each in ended_all))
        if any(each.outcome is Outcome.FAILED for each in ended_all):
            return Ended(outcome=Outcome.FAILED, names=names)
        outputs = collect_loop_outputs(component, [each.outputs for each in ended_all])
        return Ended(outputs=outputs, names=names)

    def _open_outputs(self, name: str, component: ComponentSpec) -> dict[str, OpenValue]:
        declared = component.output_definitions
        node = self.position.task(name).name
        return {
            output: OpenValue(sources=(f"{node}.{output}",))
            for output in (*declared.parameters, *declared.artifacts)
        }

    def _fail(self, name: str, task: PipelineTaskSpec, reason: Reason) -> Ended:
        self._pass_over(name, task, Answer.NOT_PREDICTED, reason)
        return Ended(outcome=Outcome.FAILED, names=self.before)

    def _pass_over(self, name: str, task: PipelineTaskSpec, answer: Answer, reason: Reason) -> None:
        for leaf in self._leaves_of(name, task):
            self._report(leaf, Judgement(answer=answer, reasons=(reason,), outputs={}))

    def _report(self, name: str, judgement: Judgement) -> None:
        if self.is_shown:
            self.findings.add(name, judgement, self.doubts)

    def _leaves_of(self, name: str, task: PipelineTaskSpec) -> Iterator[str]:
        component = self.components[task.component_ref.name]
        position = self.position.task(name)
        if task.WhichOneof("iterator") or component.WhichOneof("implementation") != "dag":
            yield position.name
            return
        inside = self._inside(position, component)
        for each in sort_tasks(component.dag.tasks):
            yield from inside._leaves_of(each, component.dag.tasks[each])  # noqa: SLF001 - the same class

    def _inside(self, position: Position, component: ComponentSpec) -> ForecastGraph:
        return replace(self, component=component, position=position.inside)


def _find_items(task: PipelineTaskSpec, arguments: Arguments) -> OpenValue | None:
    """Return what the items of a loop hang on. None if they are known."""
    if task.WhichOneof("iterator") == "artifact_iterator":
        return arguments.open.get(task.artifact_iterator.items.input_artifact)
    return arguments.open.get(task.parameter_iterator.items.input_parameter)


def _name_item(task: PipelineTaskSpec) -> str:
    return str(getattr(task, task.WhichOneof("iterator")).item_input)


def _has_constant_items(task: PipelineTaskSpec) -> bool:
    return bool(task.parameter_iterator.items.WhichOneof("kind") == "raw")
