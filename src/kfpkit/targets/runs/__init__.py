"""Runs of targets: listed, fetched as records, cancelled and retried.

    address `dev:RUN` ──▶ opening_runs ──▶ TargetRuns ──fetch──▶ TargetRun ──save──▶ folder

- `addresses` reads addresses such as `dev:latest`.
- `target_runs` is the interface that each kind of target implements.
- `vertex_runs` implements it for Vertex AI and its emulator, `kubeflow_runs` for a Kubeflow
  Pipelines server.
- `opening` connects to a target.
- `artifact_content` reads artifacts, from addresses of the target's own only.
- `reports` writes the HTML and Markdown artifacts of a run to its folder.
- `saving` writes a fetched run as runs on this machine leave theirs: `run.json`, `pipeline.yaml`,
  logs, reports and the page.

A further kind of target is one module beside these, and a line in `opening`.
"""

from __future__ import annotations

from kfpkit.targets.runs.addresses import RunAddress, parse_address
from kfpkit.targets.runs.opening import make_runs, opening_runs
from kfpkit.targets.runs.saving import fetch_run, make_folder
from kfpkit.targets.runs.target_runs import ArtifactContent, TargetRun, TargetRuns

__all__ = [
    "ArtifactContent",
    "RunAddress",
    "TargetRun",
    "TargetRuns",
    "fetch_run",
    "make_folder",
    "make_runs",
    "opening_runs",
    "parse_address",
]
