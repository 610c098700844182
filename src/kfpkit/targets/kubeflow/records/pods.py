"""The pod of a task, which has its log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEMPLATE = "system-container-impl"
"""The template of Argo's that runs a task's container, in `argocompiler/container.go`."""


def find_pod(detail: Mapping[str, Any]) -> str | None:
    """Return the name of the pod that has run a task's container. None if it isn't known.

    A server has a field for the pod, which it doesn't fill in. It tells the id of the node below
    the task's in Argo's workflow, though, and Argo's pods are named after such ids: the workflow,
    the template, and a number that only this node has.

    Args:
        detail: What the server tells of the task.
    """
    if detail.get("pod_name"):
        return str(detail["pod_name"])
    nodes = [str(each.get("pod_name") or "") for each in detail.get("child_tasks") or []]
    if len(nodes) != 1:
        return None
    workflow, _, number = nodes[0].rpartition("-")
    return f"{workflow}-{_TEMPLATE}-{number}" if workflow else None
