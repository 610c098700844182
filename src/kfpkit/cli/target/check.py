"""`kfpkit target check`: what a target needs, and whether it is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson

if TYPE_CHECKING:
    from kfpkit.targets.checking import Finding


def check_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A target in pyproject.toml.")],
    as_json: AsJson = False,
) -> None:
    """Check credentials, APIs, permissions, bucket, service account, images and encryption key.

    For Kubeflow, check the server, the login, the namespace and the experiment.

    Prints the command that mends each fault, and changes nothing. Exits with 1 if there is a fault.
    """
    from kfpkit.project import find_project
    from kfpkit.targets import connecting, find_target
    from kfpkit.targets.checking import Verdict, check_target

    project = find_project(Path.cwd())
    target = find_target(project, name)
    findings = []
    with connecting(target, project, output.report_progress) as connection:
        for finding in check_target(connection, project):
            findings.append(finding)
            if not as_json:
                _print(finding)
    if as_json:
        typer.echo(json.dumps(_list_facts(findings), indent=2))
    is_wrong = any(each.verdict is Verdict.WRONG for each in findings)
    raise typer.Exit(1 if is_wrong else 0)


def _print(finding: Finding) -> None:
    typer.echo(f"{finding.verdict.value}: {finding.subject}: {finding.detail}")
    if finding.remedy:
        typer.echo(f"  {finding.remedy}")


def _list_facts(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {
            "subject": each.subject,
            "verdict": each.verdict.value,
            "detail": each.detail,
            "remedy": each.remedy,
        }
        for each in findings
    ]
