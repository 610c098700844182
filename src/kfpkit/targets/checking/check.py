"""Runs the checks of a target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from kfpkit.errors import ApiDisabledError, KfpkitError, PermissionDeniedError
from kfpkit.project import Project
from kfpkit.targets.checking.checks import CHECKS, Subject, check_credentials
from kfpkit.targets.checking.finding import Finding, Verdict
from kfpkit.targets.checking.kubeflow_checks import KUBEFLOW_CHECKS
from kfpkit.targets.kubeflow.service import KubeflowConnection
from kfpkit.targets.vertex.service import Connection

Asked = TypeVar("Asked")


def check_target(
    connection: Connection | KubeflowConnection, project: Project
) -> Iterator[Finding]:
    """Check what can be asked about a target, and yield each finding.

    Without credentials, nothing else is asked. Nothing is changed.

    Args:
        connection: A connection to the target's services.
        project: The project that has the target and the registry.
    """
    if isinstance(connection, KubeflowConnection):
        own = replace(connection, patience=connection.patience.brief)
        for question in KUBEFLOW_CHECKS:
            findings = list(_run(question, own))
            yield from findings
            if any(each.verdict is not Verdict.GOOD for each in findings):
                return
        return
    brief = replace(connection, patience=connection.patience.brief)
    subject = Subject(connection=brief, project=project)
    if connection.target.kind == "emulator":
        address = connection.find_address("aiplatform")
        yield Finding(subject="emulator", verdict=Verdict.GOOD, detail=f"at {address}")
        return
    findings = list(_run(check_credentials, subject))
    yield from findings
    if all(each.verdict is Verdict.GOOD for each in findings):
        for check in CHECKS:
            yield from _run(check, subject)


def _run(check: Callable[[Asked], Iterator[Finding]], subject: Asked) -> Iterator[Finding]:
    """Yield the findings of a check. What it isn't allowed to ask is not a fault of the target."""
    name = check.__name__.removeprefix("check_").replace("_", " ").replace("apis", "APIs")
    try:
        yield from check(subject)
    except (PermissionDeniedError, ApiDisabledError) as error:
        yield Finding(subject=name, verdict=Verdict.UNKNOWN, detail=str(error))
    except KfpkitError as error:
        yield Finding(subject=name, verdict=Verdict.WRONG, detail=str(error))
