"""`kfpkit env audit`: packages, licenses, known vulnerabilities and bills of materials."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kfpkit.cli import output
from kfpkit.cli.options import AsJson, SomeNames

if TYPE_CHECKING:
    from kfpkit.environments.audit import Audit, Vulnerability

NOT_ASKED = 3


def audit_command(
    names: SomeNames = None,
    as_json: AsJson = False,
    sbom: Annotated[
        Path | None,
        typer.Option(
            "--sbom",
            metavar="FOLDER",
            help="Write a bill of materials (CycloneDX) to FOLDER/NAME.cdx.json.",
        ),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Skip the query for known vulnerabilities.")
    ] = False,
) -> None:
    """Show licenses and known vulnerabilities of locked packages.

    Exits with 0 if there are no known vulnerabilities, 1 if there are some (or on an error), and 3
    if the vulnerability database could not be queried.
    """
    from kfpkit.environments import choose_environments
    from kfpkit.environments.audit import audit_environments
    from kfpkit.project import find_project

    audits = audit_environments(
        choose_environments(find_project(Path.cwd()), names or ()),
        sbom_folder=sbom,
        offline=offline,
        report=output.report_progress,
    )
    done = []
    for audit in audits:
        done.append(audit)
        if not as_json:
            typer.echo(_text(audit))
    if as_json:
        found = [dataclasses.asdict(audit) for audit in done]
        typer.echo(json.dumps(found, indent=2, default=str))
    _exit(done)


def _exit(audits: list[Audit]) -> None:
    unreachable = next((audit.unreachable for audit in audits if audit.unreachable), "")
    if unreachable:
        output.report_error(unreachable)
    if any(audit.vulnerabilities for audit in audits):
        raise typer.Exit(1)
    if unreachable:
        raise typer.Exit(NOT_ASKED)


def _text(audit: Audit) -> str:
    licenses = Counter(package.license for package in audit.packages if package.license)
    counted = ", ".join(f"{name} ({count})" for name, count in licenses.most_common())
    silent = [package.name for package in audit.packages if not package.license]
    lines = [
        f"{len(audit.packages)} packages for Python {audit.python}",
        f"licenses: {counted or 'none declared'}",
        *([f"no license declared by: {', '.join(silent)}"] if silent else []),
        *_findings(audit),
        *([f"bill of materials: {audit.sbom}"] if audit.sbom else []),
    ]
    return "\n".join(f"{audit.name}: {line}" for line in lines)


def _findings(audit: Audit) -> list[str]:
    if audit.vulnerabilities is None:
        reason = "the database is unreachable" if audit.unreachable else "skipped"
        return [f"vulnerabilities: not checked ({reason})"]
    return [_finding(entry) for entry in audit.vulnerabilities] or ["vulnerabilities: none known"]


def _finding(entry: Vulnerability) -> str:
    aliases = f" ({', '.join(entry.aliases)})" if entry.aliases else ""
    remedy = f"fixed in {', '.join(entry.fixed_in)}" if entry.fixed_in else "no fixed version yet"
    return f"vulnerability: {entry.package} {entry.version} has {entry.id}{aliases}, {remedy}"
