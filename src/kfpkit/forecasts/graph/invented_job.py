"""A run that doesn't exist. What its tasks learn about it is new, as in each run."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from kfpkit.scratch import temporary_folder
from kfpkit.specification.execution import Job


@contextlib.contextmanager
def invented_job() -> Iterator[Job]:
    """Provide a run that doesn't exist, with a name, an ID and folders that no run has had.

    Yields:
        The run.
    """
    with temporary_folder("forecast") as scratch:
        folder = scratch / "runs" / f"forecast-{secrets.token_hex(8)}"
        yield Job.create(folder.name, root=folder / "artifacts", workspace=folder / "workspace")
