"""One execution of a task's command, and the delays before further ones."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kfpkit.errors import TaskValuesError, UnwrittenOutputError
from kfpkit.local.record import RunFolder, writing
from kfpkit.local.tasks.invocation import Invocation
from kfpkit.processes import Ending
from kfpkit.runs.record import Attempt, Times, make_moment
from kfpkit.specification import RetryPolicy


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """The outputs of an attempt, or the reason for its failure."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""


def read_attempt(ending: Ending, invocation: Invocation) -> Attempted:
    """Return the result of an attempt.

    Args:
        ending: How its command ended.
        invocation: The task's component with its inputs and outputs.
    """
    if ending.failure:
        return Attempted(failure=ending.failure)
    try:
        return Attempted(outputs=invocation.outputs())
    except UnwrittenOutputError as error:
        return Attempted(failure=error.failure)
    except TaskValuesError as error:
        return Attempted(failure=str(error))


def describe_attempt(ending: Ending, failure: str, times: Mapping[str, float]) -> Attempt:
    """Return an attempt for the record.

    Args:
        ending: How its command ended.
        failure: The reason for a failure. Empty if it succeeded.
        times: When it reached each stage, in seconds since the epoch.
    """
    return Attempt(
        times=Times(**{stage: make_moment(each) for stage, each in times.items()}),
        exit=None if ending.signal else ending.code,
        signal=ending.signal,
        failure=failure.removesuffix(".") or None,
        peak_memory=ending.peak_memory,
        cpu_seconds=ending.cpu_seconds,
    )


def list_delays(policy: RetryPolicy) -> Iterator[float]:
    """Yield the delay in seconds before each attempt after the first.

    Args:
        policy: The `RetryPolicy`.
    """
    longest = policy.backoff_max_duration.seconds or 3600
    for number in range(policy.max_retry_count):
        delay = policy.backoff_duration.seconds * (policy.backoff_factor or 2.0) ** number
        yield min(delay, longest)


@contextlib.contextmanager
def working_folder(folder: RunFolder, scratch: Path, outputs: Path) -> Iterator[Path]:
    """Provide an empty working folder, and an empty folder for outputs, which stays.

    Args:
        folder: The folder of the run.
        scratch: The folder of the task.
        outputs: The folder for its outputs.

    Yields:
        The working folder.

    Raises:
        RunFolderError: They can't be created.
    """
    with writing(folder.path), tempfile.TemporaryDirectory(dir=scratch) as work:
        shutil.rmtree(outputs, ignore_errors=True)
        outputs.mkdir(parents=True)
        yield Path(work)
