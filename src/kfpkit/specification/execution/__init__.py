"""The inputs and outputs of tasks, by the rules of KFP's back end.

A compiled pipeline states where each input of a task comes from. Kubeflow's driver and launcher
determine its value: how it is formatted in a string, what happens to `None`, which types match, and
where an output is read from. This package does the same:

- `scope` contains the values that the tasks of a running graph can use, and `job` the facts about
  the run that they can request.
- `arguments` resolves the inputs of a task, with `selectors` for the parts of a loop's items,
  `templates` for the placeholders in strings, and `conversion` for types.
- `executor_input` contains the input of a component's process, and `executor_output` its output.
- `results` contains the outputs of a whole graph.

If a cluster would fail a task, a `LocalRunError` is raised, and the task fails here too.
"""

from kfpkit.specification.execution.arguments import (
    add_defaults,
    resolve_graph_inputs,
    resolve_loop,
    resolve_task_arguments,
)
from kfpkit.specification.execution.cache_keys import (
    compute_task_key,
    restore_output,
    serialize_outputs,
)
from kfpkit.specification.execution.commands import resolve_parts
from kfpkit.specification.execution.conversion import (
    WORDS,
    allowed_values,
    convert,
    fits,
    normalise_value,
)
from kfpkit.specification.execution.executor_input import (
    ExecutorInput,
    make_executor_answers,
    make_executor_input,
)
from kfpkit.specification.execution.executor_output import read_executor_output
from kfpkit.specification.execution.final_status import TaskFailure, merge_failures
from kfpkit.specification.execution.job import Job
from kfpkit.specification.execution.results import collect_graph_outputs, collect_iterations
from kfpkit.specification.execution.scope import Scope
from kfpkit.specification.execution.templates import fill, fill_all

__all__ = [
    "WORDS",
    "ExecutorInput",
    "Job",
    "Scope",
    "TaskFailure",
    "add_defaults",
    "allowed_values",
    "collect_graph_outputs",
    "collect_iterations",
    "compute_task_key",
    "convert",
    "fill",
    "fill_all",
    "fits",
    "make_executor_answers",
    "make_executor_input",
    "merge_failures",
    "normalise_value",
    "read_executor_output",
    "resolve_graph_inputs",
    "resolve_loop",
    "resolve_parts",
    "resolve_task_arguments",
    "restore_output",
    "serialize_outputs",
]
