"""The tools that lock, install and audit environments."""

from __future__ import annotations

from typing import ClassVar

from kfpkit.errors.base import EnvironmentsError
from kfpkit.errors.fault import Fault


class ToolError(EnvironmentsError):
    """A tool that locks or installs environments is missing or has failed.

    Attributes:
        tail: The last lines of the tool's output. Empty if the tool did not run.
        faults: The outputs that this class represents.
    """

    faults: ClassVar[tuple[Fault, ...]] = ()

    def __init__(self, *, problem: str, remedy: str, tail: str = "") -> None:
        """State the `problem`, the `tail` of the tool's output, and the `remedy`."""
        self.problem = problem
        self.tail = tail
        self.remedy = remedy
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f"{problem}:{said}\n" if tail else f"{problem}. "
        super().__init__(f"{end}{remedy}")


class UvNotInstalledError(ToolError):
    """Virtual environments cannot be created, because uv is not installed."""

    def __init__(self) -> None:
        """Name the extra that installs uv."""
        super().__init__(
            problem="`uv`, which creates virtual environments, is not installed",
            remedy="Run `pip install 'kfpkit[local]'`.",
        )


class DatabaseUnreachableError(ToolError):
    """The vulnerability database is unreachable."""

    def __init__(self, *, address: str, said: str) -> None:
        """Give the database's `address` and the last output."""
        self.address = address
        super().__init__(
            problem=f"The vulnerability database at {address} cannot be queried",
            tail=said,
            remedy="The packages were not checked for vulnerabilities. Run the command again with "
            "access to the database, or set `PIP_AUDIT_OSV_URL` to a mirror. A registry that scans "
            "images, such as Artifact Registry with Artifact Analysis, also reports "
            "vulnerabilities.",
        )


class DependencyConflictError(ToolError):
    """The dependencies of an environment conflict or cannot be found."""


class PythonNotFoundError(ToolError):
    """The Python version of an environment is not installed and cannot be downloaded."""


class HashMismatchError(ToolError):
    """An index serves a file that differs from the locked one."""

    faults = (
        Fault(
            signs=("hash mismatch for",),
            remedy="The index serves a file that differs from the locked one: do not trust it.",
            command="If you expected the change, lock again with `kfpkit env lock {name}`.",
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
            remedy="kfpkit needs a wheel for this platform and Python version.",
            command="In the environment's pyproject.toml, allow a version that has a wheel, then "
            "run `kfpkit env lock {name}`.",
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
            remedy="Check the network and the package index (`UV_DEFAULT_INDEX` or, for Poetry, "
            "`POETRY_PYPI_MIRROR_URL`; by default, PyPI), and try again.",
        ),
        Fault(
            signs=("expecting value: line",),
            remedy="The index does not provide the JSON API that Poetry needs: set "
            "`POETRY_PYPI_MIRROR_URL` to the URL of its simple index.",
        ),
    )


class DiskFullError(ToolError):
    """The disk has no space for a virtual environment."""

    faults = (
        Fault(
            signs=("no space left on device", "disk quota exceeded", r"\(os error 28\)"),
            remedy="Free up disk space, or set `KFPKIT_CACHE_DIR` and `UV_CACHE_DIR` to folders "
            "on a larger disk.",
        ),
    )
