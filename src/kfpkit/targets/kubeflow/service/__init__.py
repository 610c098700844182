"""What asks a Kubeflow Pipelines server, and reads its answers.

- `login` finds the secrets that a target refers to.
- `connection` sends requests, with a limit in time for each, and repeats what failed for a while.
- `faults` turns what a server refuses into errors of kfpkit.
- `filters` and `lists` ask for resources page by page.
- `runs` finds, creates and reads runs, and `run_actions` ends or retries them. `experiments` has
  what they belong to, and `logs` the output of their pods.
- `versions` stores compiled pipelines, and reads them.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow.service.connection import KubeflowConnection, connect_kubeflow
from kfpkit.targets.kubeflow.service.experiments import find_experiment, is_experiment
from kfpkit.targets.kubeflow.service.filters import (
    Predicate,
    contains,
    equals,
    is_before,
    is_one_of,
    is_since,
    make_filter,
)
from kfpkit.targets.kubeflow.service.logs import PodLogError, fetch_log
from kfpkit.targets.kubeflow.service.run_actions import retry_run, terminate_run
from kfpkit.targets.kubeflow.service.runs import (
    CreatedRun,
    create_run,
    fetch_run,
    find_run,
    list_runs,
)
from kfpkit.targets.kubeflow.service.versions import StoredVersion, fetch_version, store_version

__all__ = [
    "CreatedRun",
    "KubeflowConnection",
    "PodLogError",
    "Predicate",
    "StoredVersion",
    "connect_kubeflow",
    "contains",
    "create_run",
    "equals",
    "fetch_log",
    "fetch_run",
    "fetch_version",
    "find_experiment",
    "find_run",
    "is_before",
    "is_experiment",
    "is_one_of",
    "is_since",
    "list_runs",
    "make_filter",
    "retry_run",
    "store_version",
    "terminate_run",
]
