"""Addresses in the user interface of a Kubeflow Pipelines server."""

from __future__ import annotations

from kfpkit.targets.kubeflow_target import KubeflowTarget


def make_run_link(target: KubeflowTarget, run: str) -> str | None:
    """Return the address of a run's page. None if the target has no address.

    Args:
        target: Where it runs.
        run: The run's id on the server.
    """
    return _make_link(target, f"runs/details/{run}")


def make_version_link(target: KubeflowTarget, pipeline: str, version: str) -> str | None:
    """Return the address of the page of a pipeline's version. None if the target has no address.

    Args:
        target: Where it is stored.
        pipeline: The pipeline's id on the server.
        version: The version's id on the server.
    """
    return _make_link(target, f"pipelines/details/{pipeline}/version/{version}")


def _make_link(target: KubeflowTarget, page: str) -> str | None:
    address = target.ui or target.host
    return f"{address}/#/{page}" if address else None
