"""The `dsl.PipelineTaskFinalStatus` that a task gets about the task that it waited for.

The message begins like Vertex AI's, and has the same code. It also contains the cause of each
failure, which a cluster writes only to its logs. Kubeflow 2.17 provides neither message nor code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kfpkit.specification.execution.job import Job
from kfpkit.specification.message_types import Value

_FAILED_PRECONDITION = 9  # of google.rpc.Code


@dataclass(frozen=True, kw_only=True)
class TaskFailure:
    """A task that failed itself.

    Args:
        name: Its name, after the names of the enclosing loops and pipelines.
        cause: The cause, with the exception that ended it.
    """

    name: str
    cause: str


def merge_failures(groups: Iterable[Sequence[TaskFailure]]) -> tuple[TaskFailure, ...]:
    """Return the failures of several tasks, each once.

    Args:
        groups: The failures that affected each of them.
    """
    return tuple(dict.fromkeys(failure for group in groups for failure in group))


def make_final_status(
    task: str, failures: Sequence[TaskFailure] | None, job: Job
) -> dict[str, Value]:
    """Return the value of a `dsl.PipelineTaskFinalStatus`.

    Args:
        task: The task that it describes, often the group of tasks of a `dsl.ExitHandler`.
        failures: The causes of its failure. None if it succeeded or didn't have to run.
        job: The run.
    """
    error = None if failures is None else {"code": _FAILED_PRECONDITION, "message": _say(failures)}
    return {
        "state": "SUCCEEDED" if error is None else "FAILED",
        "pipeline_job_resource_name": job.name,
        "pipeline_task_name": task,
        "error": error or {},
    }


def _say(failures: Sequence[TaskFailure]) -> str:
    names = ", ".join(failure.name for failure in failures)
    head = f"The DAG failed because some tasks failed. The failed tasks are: [{names}]."
    return "\n".join([head, *(f"{failure.name}: {failure.cause}" for failure in failures)])
