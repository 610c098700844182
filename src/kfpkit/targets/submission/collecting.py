"""All faults of a command as one error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from kfpkit.errors import KfpkitError, SubmissionRefusedError


@contextlib.contextmanager
def collecting(faults: list[KfpkitError]) -> Iterator[None]:
    """Note an error, so that others are found too.

    Args:
        faults: The errors so far.
    """
    try:
        yield
    except KfpkitError as error:
        faults.append(error)


def refuse(faults: Sequence[KfpkitError]) -> None:
    """Raise what was noted.

    Args:
        faults: The errors.

    Raises:
        KfpkitError: There is one.
        SubmissionRefusedError: There are several.
    """
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise SubmissionRefusedError(faults=faults)
