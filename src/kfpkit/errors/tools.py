"""The tools that lock, install and audit environments."""

from __future__ import annotations

from typing import ClassVar

from kfpkit.errors.base import EnvironmentsError
from kfpkit.errors.fault import Fault


class ToolError(EnvironmentsError):
    """A tool that makes environments is missing or has failed.

    Attributes:
        tail: The tool's last lines; empty when it did not run.
        faults: The outputs that this class stands for.
    """

    faults: ClassVar[tuple[Fault, ...]] = ()

    def __init__(self, *, problem: str, remedy: str, tail: str = "") -> None:
        """Say what the `problem` is, what the tool said last, and the `remedy`."""
        self.problem = problem
        self.tail = tail
        self.remedy = remedy
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f"{problem}:{said}\n" if tail else f"{problem}. "
        super().__init__(f"{end}{remedy}")


class UvNotInstalledError(ToolError):
    """Virtual environments cannot be made, since uv is not installed."""

    def __init__(self) -> None:
        """Name the extra that brings uv."""
        super().__init__(
            problem="Virtual environments are made by `uv`, which is not installed",
            remedy="Run `pip install 'kfpkit[local]'`.",
        )


class DatabaseUnreachableError(ToolError):
    """The database of known vulnerabilities does not answer."""

    def __init__(self, *, address: str, said: str) -> None:
        """Name the database's `address` and what was `said` last."""
        self.address = address
        super().__init__(
            problem=f"The database of known vulnerabilities at {address} cannot be asked",
            tail=said,
            remedy="Nothing is known about vulnerabilities now. Ask again where the network "
            "reaches it, or name a mirror in `PIP_AUDIT_OSV_URL`; a registry that scans images, "
            "such as Artifact Analysis of Artifact Registry, finds them too.",
        )


class DependencyConflictError(ToolError):
    """The dependencies of an environment cannot be installed together, or not at all."""


class PythonNotFoundError(ToolError):
    """The Python version of an environment is neither on this machine nor can it be downloaded."""


class HashMismatchError(ToolError):
    """What an index serves is not what the lock was made from."""

    faults = (
        Fault(
            signs=("hash mismatch for",),
            remedy="The index serves another file than the one that was locked: do not trust it.",
            command="If the change is known and wanted, lock again with `kfpkit env lock {name}`.",
        ),
    )


class WheelMissingError(ToolError):
    """A locked distribution has no wheel for this platform and Python version."""

    faults = (
        Fault(
            signs=(
                "has no usable wheels",
                "has no wheels with a matching",
                "have no wheels with a matching",
                "has no binary distribution",
                "or wheel for the current platform",
            ),
            remedy="There has to be a wheel for this platform and Python.",
            command="Allow a version that has one, in the environment's pyproject.toml, and run "
            "`kfpkit env lock {name}`.",
        ),
    )


class IndexUnreachableError(ToolError):
    """The package index cannot be reached."""

    faults = (
        Fault(
            signs=(
                "failed to fetch",
                "error sending request",
                "operation timed out",
                "read timed out",
                "connection refused",
                "connection reset",
                "connection aborted",
                "max retries exceeded",
                "the network was disabled",
                "lack of valid authentication credentials",
                "returned a 403 forbidden error",
                "all attempts to connect to",
                "authorization error accessing",
                "server error: ",
            ),
            remedy="Check the network, and the index that `UV_DEFAULT_INDEX` or, for Poetry, "
            "`POETRY_PYPI_MIRROR_URL` names (without it, the public one), and try again.",
        ),
        Fault(
            signs=("expecting value: line",),
            remedy="The index does not speak the JSON that Poetry asks for: set "
            "`POETRY_PYPI_MIRROR_URL` to the address of its simple pages.",
        ),
    )


class DiskFullError(ToolError):
    """There is no room for a virtual environment."""

    faults = (
        Fault(
            signs=("no space left on device", "disk quota exceeded", r"\(os error 28\)"),
            remedy="Free some space, or point `KFPKIT_CACHE_DIR` and `UV_CACHE_DIR` to a larger "
            "disk.",
        ),
    )
