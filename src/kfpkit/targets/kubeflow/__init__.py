"""Kubeflow Pipelines as a target: requests, and what sends them.

    compiled pipeline ──▶ Template ─────┐
    configuration, target ──────────────┴▶ KubeflowRequest ──▶ service

- `request` builds the run and its id. Nothing is sent for it.
- `service` sends it: KFP's client logs in, and its generated API asks.
- `progress` reads how far a run has come, and `records` describes it in the form of the record.

A server names runs itself. So the id is the run's display name, and the digest of the request is in
its description: both are looked up before a run is created.
"""

from __future__ import annotations

from kfpkit.targets.kubeflow.links import make_run_link, make_version_link
from kfpkit.targets.kubeflow.progress import read_progress
from kfpkit.targets.kubeflow.request import (
    PATH,
    REVISION,
    TARGET,
    TEMPLATE,
    KubeflowRequest,
    build_kubeflow_request,
    find_recorded_digest,
    read_facts,
    write_facts,
)
from kfpkit.targets.kubeflow.run_message import get_spec

__all__ = [
    "PATH",
    "REVISION",
    "TARGET",
    "TEMPLATE",
    "KubeflowRequest",
    "build_kubeflow_request",
    "find_recorded_digest",
    "get_spec",
    "make_run_link",
    "make_version_link",
    "read_facts",
    "read_progress",
    "write_facts",
]
