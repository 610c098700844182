"""Finds known vulnerabilities of locked packages: pip-audit queries the OSV database.

pip-audit's default database isn't used: an index that is only a mirror responds with "not found" to
its queries, which pip-audit counts as "no known vulnerability".
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfpkit.environments.audit import auditing_tools
from kfpkit.environments.packages import Package
from kfpkit.environments.tools import tools
from kfpkit.environments.venvs import venvs
from kfpkit.errors import DatabaseUnreachableError, ToolError
from kfpkit.listeners import Listener, ignore
from kfpkit.scratch import temporary_folder

OSV = "https://api.osv.dev/v1/query"


@dataclass(frozen=True, kw_only=True)
class Vulnerability:
    """A known vulnerability of a locked package.

    Args:
        package: The package's name.
        version: The locked version.
        id: The vulnerability's ID: a CVE number if it has one.
        aliases: Its other IDs.
        fixed_in: The versions without it. Empty if there are none.
        description: Its description.
    """

    package: str
    version: str
    id: str
    aliases: tuple[str, ...] = ()
    fixed_in: tuple[str, ...] = ()
    description: str = ""


def locate_database() -> str:
    """Return the address of the database: pip-audit's `PIP_AUDIT_OSV_URL`, or OSV's."""
    return os.environ.get("PIP_AUDIT_OSV_URL") or OSV


def fetch_vulnerabilities(
    name: str, packages: Sequence[Package], *, report: Listener = ignore
) -> tuple[Vulnerability, ...]:
    """Fetch the known vulnerabilities of packages.

    Args:
        name: The environment's name, for messages.
        packages: The packages in its container.
        report: Called with a line at each step that takes time.

    Returns:
        The vulnerabilities, sorted by package.

    Raises:
        DatabaseUnreachableError: The database doesn't respond, or not for every package.
        ToolError: pip-audit can't be installed.
    """
    python = auditing_tools.ensure_interpreter(report)
    report(f"{name}: checking for known vulnerabilities")
    with temporary_folder("audit") as folder:
        answer = folder / "answer.json"
        lines = [f"{package.name}=={package.version}\n" for package in packages]
        (folder / "requirements.txt").write_text("".join(lines), encoding="utf-8")
        failure = _ask(python, name, folder, answer)
        if not answer.is_file():
            raise DatabaseUnreachableError(address=locate_database(), said=failure)
        return _read_vulnerabilities(json.loads(answer.read_text(encoding="utf-8")))


def _ask(python: str, name: str, folder: Path, answer: Path) -> str:
    """Run pip-audit, which fails both if it finds something and if a query fails."""
    command = [python, "-I", "-m", "pip_audit", "--requirement", "requirements.txt"]
    command += ["--no-deps", "--disable-pip", "--progress-spinner", "off"]
    command += ["--vulnerability-service", "osv", "--osv-url", locate_database()]
    command += ["--cache-dir", str(venvs.locate_cache_folder() / "pip-audit")]
    command += ["--format", "json", "--output", str(answer)]
    try:
        tools.run(
            command,
            environment=name,
            folder=folder,
            doing="check its packages for known vulnerabilities",
        )
    except ToolError as error:
        return error.tail.rpartition("\n")[2]
    return ""


def _read_vulnerabilities(answer: dict[str, Any]) -> tuple[Vulnerability, ...]:
    found: list[Vulnerability] = []
    for package in answer["dependencies"]:
        if "skip_reason" in package:
            raise DatabaseUnreachableError(address=locate_database(), said=package["skip_reason"])
        found += [_read_vulnerability(package, entry) for entry in package["vulns"]]
    return tuple(sorted(found, key=lambda entry: (entry.package, entry.id)))


def _read_vulnerability(package: dict[str, Any], entry: dict[str, Any]) -> Vulnerability:
    return Vulnerability(
        package=package["name"],
        version=package["version"],
        id=entry["id"],
        aliases=tuple(sorted(entry["aliases"])),
        fixed_in=tuple(entry["fix_versions"]),
        description=entry["description"],
    )
