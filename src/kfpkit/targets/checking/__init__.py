"""Checks a target before the first submission: what exists, and what an account may do.

- `finding` is the result of a check, with the command that mends what is wrong.
- `checks` asks the services of Google Cloud, one question each.
- `kubeflow_checks` asks a Kubeflow Pipelines server.
- `check` runs all checks of a target. One that fails doesn't hide the others.
"""

from __future__ import annotations

from kfpkit.targets.checking.check import check_target
from kfpkit.targets.checking.finding import Finding, Verdict

__all__ = ["Finding", "Verdict", "check_target"]
