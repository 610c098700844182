"""Refuses at compile time what a cluster couldn't do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kfpkit.authoring import find_place
from kfpkit.compiler.tracing import TracedTask, trace_tasks
from kfpkit.errors import UndefinedReferenceError, UnsupportedNumberError
from kfpkit.place import Place
from kfpkit.specification import (
    BaseComponent,
    DoubtfulNumber,
    GraphComponent,
    PipelineSpec,
    find_dangling,
    find_doubtful,
    find_loss,
    name_task,
)


def inspect_pipeline(pipeline: BaseComponent, spec: PipelineSpec) -> None:
    """Refuse a pipeline if its tasks wouldn't get the values that the author wrote.

    Args:
        pipeline: KFP's pipeline or component object.
        spec: Its `PipelineSpec`.

    Raises:
        UndefinedReferenceError: A task refers to something that is undefined.
        UnsupportedNumberError: A constant or a default is a number that KFP can't represent.
    """
    written = _Written(pipeline=pipeline)
    for dangling in find_dangling(spec):
        raise UndefinedReferenceError(
            place=written.place(dangling.path),
            task=name_task(dangling.path),
            what=dangling.what,
            hidden_by=dangling.hidden_by,
            is_group=dangling.is_group,
        )
    for number in find_doubtful(spec):
        problem = written.problem(number)
        if problem is not None:
            raise UnsupportedNumberError(
                place=written.place(number.path),
                task=name_task(number.path),
                where=number.where,
                problem=problem,
            )


@dataclass(kw_only=True)
class _Written:
    """A pipeline as its author wrote it."""

    pipeline: BaseComponent

    @cached_property
    def tasks(self) -> Mapping[str, TracedTask]:
        if not isinstance(self.pipeline, GraphComponent):
            return {}
        try:
            return trace_tasks(self.pipeline)
        except Exception:  # noqa: BLE001 - the function need not work twice; the fault is another
            return {}

    def place(self, path: tuple[str, ...]) -> Place | None:
        """Return the line of the first task on a path. Groups such as loops have no line."""
        for name in path:
            if name in self.tasks:
                return self.tasks[name].place
        for function in ("pipeline_func", "python_func"):
            if hasattr(self.pipeline, function):
                return find_place(getattr(self.pipeline, function))
        return None

    def problem(self, number: DoubtfulNumber) -> str | None:
        """Return the problem with a number, with its original value if that is known."""
        values = {} if number.is_certain else self._values(number.path)
        if number.argument in values:
            return find_loss(values[number.argument])
        return number.problem

    def _values(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        """Return the values that the author wrote for a task, or as defaults of the pipeline."""
        if not path:
            inputs = self.pipeline.component_spec.inputs or {}
            return {name: spec.default for name, spec in inputs.items()}
        # Tasks of a pipeline in this one are not traced, and may have the names of others.
        is_own = path[-1] in self.tasks and not any(name in self.tasks for name in path[:-1])
        return self.tasks[path[-1]].arguments if is_own else {}
