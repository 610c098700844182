"""Questions to a Kubeflow Pipelines server. Each needs what was asked before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kfpkit.targets.checking.finding import Finding, Verdict
from kfpkit.targets.kubeflow.service import KubeflowConnection, is_experiment, list_runs


def check_server(connection: KubeflowConnection) -> Iterator[Finding]:
    """Check that the server answers, accepts the login, and knows where runs belong."""
    health = connection.send("healthz_service_get_healthz")
    if health.get("multi_user") and connection.target.namespace is None:
        yield Finding(
            subject="namespace",
            verdict=Verdict.WRONG,
            detail=f"{connection.host} has several users, and the target no namespace",
            remedy=f"Write `namespace` in `[tool.kfpkit.targets.{connection.target.name}]`.",
        )
        return
    yield _approve("server", connection.host)


def check_permission(connection: KubeflowConnection) -> Iterator[Finding]:
    """Check that runs can be listed. The server can't be asked who may create them."""
    next(list_runs(connection), None)
    namespace = connection.target.namespace
    yield _approve("runs", f"can be listed in `{namespace}`" if namespace else "can be listed")


def check_experiment(connection: KubeflowConnection) -> Iterator[Finding]:
    """Check whether the experiment exists. Otherwise, the first submission creates it."""
    name = connection.target.experiment
    exists = is_experiment(connection, name)
    yield _approve("experiment", f"`{name}`" if exists else f"`{name}` will be created")


KUBEFLOW_CHECKS: tuple[Callable[[KubeflowConnection], Iterator[Finding]], ...] = (
    check_server,
    check_permission,
    check_experiment,
)
"""The checks of a server, in their order."""


def _approve(subject: str, detail: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.GOOD, detail=detail)
