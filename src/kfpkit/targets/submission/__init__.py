"""Submissions: from pipelines and configurations to runs on a target.

    Wanted ──plan──▶ Submission ──send──▶ SubmittedRun ──▶ wait
             checks, sends nothing   templates, runs

- `planning` checks everything: targets, pipelines, configurations, images. All faults of all
  pipelines are one error, and nothing has been sent.
- `production` holds what a target with `confirm` asks for.
- `sending` stores each compiled pipeline under its digest, and creates the runs.
- `submit` is all of it in one call.
"""

from __future__ import annotations

from kfpkit.targets.submission.planning import PlannedRun, Submission, Wanted, plan_submission
from kfpkit.targets.submission.sending import SubmittedRun
from kfpkit.targets.submission.submit import send_planned, submit, wait

__all__ = [
    "PlannedRun",
    "Submission",
    "SubmittedRun",
    "Wanted",
    "plan_submission",
    "send_planned",
    "submit",
    "wait",
]
