"""Runs on a Kubeflow Pipelines server in the form of the record: what it tells, and nothing else.

    run, its pipeline ──▶ tasks ──▶ RunRecord
                      └─▶ pods, which have the logs

- `tasks` finds each task's node in the compiled pipeline.
- `pods` names the pod that has a task's log.
- `run_record` puts all of it together. `run_line` is a run in a list.

The server tells neither values nor artifacts of tasks, nor cache hits, nor which iteration of a
loop a task belongs to. All of that is absent.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow.records.pods import find_pod
from kfpkit.targets.kubeflow.records.run_line import describe_line, name_run
from kfpkit.targets.kubeflow.records.run_record import describe_run
from kfpkit.targets.kubeflow.records.states import STATES
from kfpkit.targets.kubeflow.records.tasks import find_detail

__all__ = ["STATES", "describe_line", "describe_run", "find_detail", "find_pod", "name_run"]
