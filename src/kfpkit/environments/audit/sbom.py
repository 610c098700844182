"""Writes the software bill of materials of an environment: CycloneDX JSON, generated from the lock.

It lists every package with its version, license, hashes and dependencies. It contains no time and
no path, so the same lock produces the same bill.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kfpkit import files
from kfpkit.environments.audit import auditing_tools
from kfpkit.environments.audit.licenses import read_licenses
from kfpkit.environments.environment import Environment
from kfpkit.environments.packages import Package, list_direct_packages, list_packages
from kfpkit.environments.tools import tools
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.errors import ToolError
from kfpkit.listeners import Listener, ignore
from kfpkit.scratch import temporary_folder

_PROCESS = Path(__file__).parent / "in_venv" / "sbom_process.py"


def make_sbom(environment: Environment, folder: Path, *, report: Listener = ignore) -> Path:
    """Write an environment's bill of materials, with the licenses that its packages declare.

    Args:
        environment: The environment. Its virtual environment is created if necessary.
        folder: The folder for the file. It is created if necessary.
        report: Called with a line at each step that takes time.

    Returns:
        The file, `NAME.cdx.json`.

    Raises:
        StaleLockError: The lock is missing or older than its `pyproject.toml`.
        ToolError: A virtual environment or the bill can't be created.
    """
    venv = ensure_virtual_environment(environment, report=report)
    packages = list_packages(environment, read_licenses(venv))
    return write_sbom(environment, packages, folder, report=report)


def write_sbom(
    environment: Environment,
    packages: Sequence[Package],
    folder: Path,
    *,
    report: Listener = ignore,
) -> Path:
    """Write an environment's bill of materials.

    Args:
        environment: The environment.
        packages: The packages in its container.
        folder: The folder for the file. It is created if necessary.
        report: Called with a line at each step that takes time.

    Returns:
        The file, `NAME.cdx.json`.

    Raises:
        ToolError: The bill, or the tool's virtual environment, can't be created.
    """
    python = auditing_tools.ensure_interpreter(report)
    bill = folder / f"{environment.name}.cdx.json"
    with temporary_folder("sbom") as scratch:
        description = scratch / "description.json"
        made = scratch / bill.name
        text = json.dumps(_describe(environment, packages))
        description.write_text(text, encoding="utf-8")
        tools.run(
            [python, "-I", str(_PROCESS), str(description), str(made)],
            environment=environment.name,
            folder=scratch,
            doing="write its bill of materials",
        )
        try:
            files.replace(bill, made.read_bytes())
        except OSError as error:
            raise _unwritable(environment.name, folder, error) from error
    return bill


def _describe(environment: Environment, packages: Sequence[Package]) -> dict[str, Any]:
    names = {package.name for package in packages}
    properties = [
        ("kfpkit:image", environment.image),
        ("kfpkit:base-image", environment.description.base_image),
        ("kfpkit:python", environment.description.python),
        *(
            ("kfpkit:system-package", package)
            for package in environment.description.system_packages
        ),
    ]
    return {
        "name": environment.name,
        "version": environment.content.hash,
        "image": environment.image,
        "properties": properties,
        "requires": sorted(
            names & {*list_direct_packages(environment), environment.content.runtime.name}
        ),
        "packages": [
            {
                "name": package.name,
                "version": package.version,
                "license": package.license,
                "digests": list(package.digests),
                "files": [{"file": file, "hash": digest} for file, digest in package.wheels],
                "requires": list(package.requires),
            }
            for package in packages
        ],
    }


def _unwritable(name: str, folder: Path, error: OSError) -> ToolError:
    return ToolError(
        problem=f"The bill of materials of `{name}` cannot be written to {folder}",
        tail=str(error),
        remedy="Free up disk space, or choose a writable folder.",
    )
