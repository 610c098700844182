"""Forecasts of runs on Kubeflow, from earlier runs of the same namespace.

The server reports which tasks have succeeded, and neither their values nor their artifacts. What an
earlier run's tasks had as inputs therefore follows from its pipeline and its parameters:

- `key` computes fingerprints as Kubeflow Pipelines does.
- `pipeline` reads the pipeline of a run.
- `inputs` describes the inputs of a task. What another task has produced is named by that task's
  fingerprint: tasks with one fingerprint share their outputs, because all but the first are hits.
- `passages` finds the parameters of a pipeline that only inputs depend on.
- `replay` follows an earlier run, and records the tasks that have succeeded. Runs that differ only
  in such parameters are followed once.
- `successes` describes these tasks as each run has had them.
- `lookup` compares a task with them.
"""

from __future__ import annotations

from kfpkit.forecasts.kubeflow.forecast_kubeflow_run import forecast_kubeflow_run

__all__ = ["forecast_kubeflow_run"]
