"""Kubeflow Pipelines as a target: requests, and what sends them.

    compiled pipeline ──▶ Template ─────┐
    configuration, target ──────────────┴▶ KubeflowRequest ──▶ service

- `request` builds the run and its id. Nothing is sent for it.
- `service` sends it: KFP's client logs in, and its generated API asks.
- `progress` reads how far a run has come.

A server names runs itself. So the id is the run's display name, and the digest of the request is in
its description: both are looked up before a run is created.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow.progress import read_progress
from kfpkit.targets.kubeflow.request import (
    PATH,
    KubeflowRequest,
    build_kubeflow_request,
    find_recorded_digest,
)

__all__ = [
    "PATH",
    "KubeflowRequest",
    "build_kubeflow_request",
    "find_recorded_digest",
    "read_progress",
]
