"""Targets: where pipelines run, other than on this machine.

A target is a table in `pyproject.toml`:

    [tool.kfpkit.targets.dev]
    kind = "vertex"
    project = "my-project"
    location = "europe-west4"
    pipeline-root = "gs://my-bucket/pipelines"

- `reading` reads the tables, and reports all faults of all targets at once, each with its line.
- `target` and `kubeflow_target` have the keys of a table, with their types.
- `vertex` and `kubeflow` build requests for a kind of target, and send them.
- `watching` waits for runs, whatever their target.
- `submission` is the way from pipelines and configurations to runs.

Compiled pipelines name no target. The same file, with images by digest from one registry, runs on
every target.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.reading import find_target, read_targets
from kfpkit.targets.submission import (
    PlannedRun,
    StoredTemplate,
    Submission,
    SubmittedRun,
    Upload,
    Wanted,
    WantedTemplates,
    connecting,
    plan_submission,
    plan_upload,
    send_submission,
    send_upload,
    submit,
    wait,
)
from kfpkit.targets.target import EmulatorTarget, Target, VertexTarget

__all__ = [
    "EmulatorTarget",
    "KubeflowTarget",
    "PlannedRun",
    "StoredTemplate",
    "Submission",
    "SubmittedRun",
    "Target",
    "Upload",
    "VertexTarget",
    "Wanted",
    "WantedTemplates",
    "connecting",
    "find_target",
    "plan_submission",
    "plan_upload",
    "read_targets",
    "send_submission",
    "send_upload",
    "submit",
    "wait",
]
