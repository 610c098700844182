"""What asks a Kubeflow Pipelines server, and reads its answers.

- `login` finds the secrets that a target refers to.
- `connection` sends requests, with a limit in time for each, and repeats what failed for a while.
- `faults` turns what a server refuses into errors of kfpkit.
- `runs` finds, creates and reads runs, and their experiment.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow.service.connection import KubeflowConnection, connect_kubeflow
from kfpkit.targets.kubeflow.service.runs import (
    CreatedRun,
    create_run,
    fetch_run,
    find_experiment,
    is_experiment,
    list_runs,
)

__all__ = [
    "CreatedRun",
    "KubeflowConnection",
    "connect_kubeflow",
    "create_run",
    "fetch_run",
    "find_experiment",
    "is_experiment",
    "list_runs",
]
