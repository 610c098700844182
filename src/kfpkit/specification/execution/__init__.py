"""What tasks take in and produce, by the rules of KFP's back end.

A compiled pipeline says where each input of a task comes from. What the value is, Kubeflow's driver
and launcher decide: which text stands in a string, what happens to `None`, which types fit, where
an output is read from. This package does the same, part by part:

- `scope` holds what the tasks of a running graph can take, and `job` what they can ask of the run;
- `arguments` resolves the inputs of a task, with `selectors` for the parts of a loop's items,
  `templates` for the placeholders in text, and `conversion` for types;
- `executor_input` is what a component's process gets, `executor_output` what it left;
- `results` are the outputs of a whole graph.

Where a cluster fails a task, an error of `LocalRunError` is raised, and the task fails here too.
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
from kfpkit.specification.execution.conversion import WORDS, allowed_values, fits, normalise_value
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
