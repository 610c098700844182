"""Submissions: from pipelines and configurations to runs on a target.

    Wanted ──plan──▶ Submission ──send──▶ SubmittedRun ──▶ wait
             checks, sends nothing   templates, runs

- `compiling` loads pipelines, and compiles them with images by digest.
- `planning` checks everything: targets, pipelines, configurations, images. All faults of all
  pipelines are one error, and nothing has been sent.
- `production` holds what a target with `confirm` asks for.
- `connecting` connects to the target, and starts the emulator if that is the target.
- `forecasting` predicts which tasks the target's cache will have.
- `uploading` stores compiled pipelines without a run.
- `sending` stores each compiled pipeline under its digest, creates the runs, and adds them to
  experiments.
- `requests` shows what would be sent.
- `submit` is all of it in one call.
"""

from __future__ import annotations

from kfpkit.targets.submission.connecting import AnyConnection, connecting
from kfpkit.targets.submission.forecasting import forecast_submission
from kfpkit.targets.submission.planning import PlannedRun, Submission, Wanted, plan_submission
from kfpkit.targets.submission.requests import list_requests
from kfpkit.targets.submission.sending import SubmittedRun, associate_runs, send_submission
from kfpkit.targets.submission.submit import submit, wait
from kfpkit.targets.submission.uploading import (
    StoredTemplate,
    Upload,
    WantedTemplates,
    plan_upload,
    send_upload,
)

__all__ = [
    "AnyConnection",
    "PlannedRun",
    "StoredTemplate",
    "Submission",
    "SubmittedRun",
    "Upload",
    "Wanted",
    "WantedTemplates",
    "associate_runs",
    "connecting",
    "forecast_submission",
    "list_requests",
    "plan_submission",
    "plan_upload",
    "send_submission",
    "send_upload",
    "submit",
    "wait",
]
