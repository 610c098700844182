"""Records of runs that cannot be read."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import RunsError


class UnreadableRecordError(RunsError):
    """A folder holds no record of a run, or one that is damaged."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """State why `file` is not a record: its `cause`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"{file} is not the record of a run: {cause.removesuffix('.')}. Choose another run, or "
            "run the pipeline again."
        )


class NewerRecordError(RunsError):
    """A later version of kfpkit wrote a record in a format of its own."""

    def __init__(self, *, file: Path, written: int, known: int) -> None:
        """Name the `file`, the format in which it is `written`, and the newest `known` one."""
        self.file = file
        self.written = written
        self.known = known
        super().__init__(
            f"{file} has format {written}, and this version of kfpkit reads formats up to {known}: "
            "a later version wrote it. Update kfpkit, for example with "
            "`pip install --upgrade kfpkit`."
        )
