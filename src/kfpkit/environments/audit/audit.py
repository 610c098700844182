"""Audits an environment's image: packages, licenses, known vulnerabilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kfpkit.environments.audit.licenses import read_licenses
from kfpkit.environments.audit.sbom import write_sbom
from kfpkit.environments.audit.vulnerabilities import Vulnerability, fetch_vulnerabilities
from kfpkit.environments.environment import Environment
from kfpkit.environments.packages import Package, list_packages
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.errors import DatabaseUnreachableError
from kfpkit.listeners import Listener, ignore


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The audit of one environment.

    Args:
        name: The environment's name.
        image: Its image reference.
        python: Its Python version.
        packages: The packages in its container, with licenses.
        vulnerabilities: The known ones. None if the database wasn't queried or didn't respond.
        unreachable: Why the database didn't respond. "" if it did, or wasn't queried.
        sbom: The bill of materials. None if none was requested.
    """

    name: str
    image: str
    python: str
    packages: tuple[Package, ...]
    vulnerabilities: tuple[Vulnerability, ...] | None
    unreachable: str
    sbom: Path | None


def audit_environments(
    environments: Iterable[Environment],
    *,
    sbom_folder: Path | None = None,
    offline: bool = False,
    report: Listener = ignore,
) -> Iterator[Audit]:
    """Audit environments, one after the other.

    Creates each virtual environment that doesn't exist, because the licenses are read from it.
    Downloads without the lock's hashes fail.

    Args:
        environments: The environments.
        sbom_folder: The folder for bills of materials. None to write none.
        offline: Whether to skip the query for vulnerabilities.
        report: Called with a line at each step that takes time.

    Yields:
        The audits. After the database has failed to respond once, it isn't queried again.

    Raises:
        StaleLockError: A lock is missing or older than its `pyproject.toml`.
        ToolError: A virtual environment or a bill of materials can't be created.
    """
    unreachable = ""
    for environment in environments:
        venv = ensure_virtual_environment(environment, report=report)
        packages = list_packages(environment, read_licenses(venv))
        vulnerabilities = None
        if not offline and not unreachable:
            vulnerabilities, unreachable = _ask(environment.name, packages, report)
        bill = None
        if sbom_folder is not None:
            bill = write_sbom(environment, packages, sbom_folder, report=report)
        yield Audit(
            name=environment.name,
            image=environment.image,
            python=environment.description.python,
            packages=packages,
            vulnerabilities=vulnerabilities,
            unreachable=unreachable,
            sbom=bill,
        )


def _ask(
    name: str, packages: tuple[Package, ...], report: Listener
) -> tuple[tuple[Vulnerability, ...] | None, str]:
    try:
        return fetch_vulnerabilities(name, packages, report=report), ""
    except DatabaseUnreachableError as error:
        return None, str(error)
