"""Recorded runs that are missing, or that cannot be compared, retried or removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import RunsError
from kfpkit.wording import indent, quote_all


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


class UnknownRunError(RunsError):
    """No run has this name."""

    def __init__(
        self, *, run: str, count: int = 0, nearest: str | None = None, target: str | None = None
    ) -> None:
        """Name the `run`, the `count` of all runs and the `nearest` of them, or the `target`."""
        self.run = run
        self.count = count
        self.nearest = nearest
        self.target = target
        if target is not None:
            listing = f"`kfpkit runs list --target {target}`"
            text = f"The target `{target}` has no run `{run}`. {listing} lists its runs."
        elif not count:
            text = "There are no runs yet. Run a pipeline with `kfpkit run PIPELINE`."
        else:
            there = "1 run" if count == 1 else f"{count} runs"
            hint = f" Did you mean `{nearest}`?" if nearest else ""
            text = f"No run is named `{run}`.{hint} `kfpkit runs list` lists the {there}."
        super().__init__(text)


class AmbiguousRunError(RunsError):
    """Several runs have names that begin like this."""

    def __init__(self, *, run: str, found: Sequence[str]) -> None:
        """Name what was given as `run`, and the names that were `found`."""
        self.run = run
        self.found = list(found)
        super().__init__(
            f"{len(found)} runs have names that start with `{run}`:\n{indent(found)}\n"
            "Add more characters of the name, or use one of these."
        )


class UnknownTaskError(RunsError):
    """A run has no task with this name."""

    def __init__(self, *, run: str, task: str, known: Sequence[str], nearest: str | None) -> None:
        """Name the `run`, the `task`, all `known` tasks and the `nearest` of them."""
        self.run = run
        self.task = task
        self.known = list(known)
        self.nearest = nearest
        hint = f" Did you mean `{nearest}`?" if nearest else ""
        super().__init__(
            f"The run `{run}` has no task `{task}`.{hint} Its tasks: {quote_all(known)}."
        )


class MissingLogError(RunsError):
    """A task has no log."""

    def __init__(self, *, run: str, task: str, state: str, log: Path | None) -> None:
        """Name the `run`, the `task` with its `state`, and where its `log` would be."""
        self.run = run
        self.task = task
        self.state = state
        self.log = log
        where = f" {log} does not exist." if log else ""
        super().__init__(
            f'The task `{task}` of the run `{run}` has no log: it is in the state "{state}".'
            f"{where} `kfpkit runs show {run}` lists the tasks with their states."
        )


class DifferentPipelinesError(RunsError):
    """Runs of different pipelines are compared."""

    def __init__(self, *, pipelines: dict[str, str]) -> None:
        """List the `pipelines`, each by the name of its run."""
        self.pipelines = pipelines
        listed = indent(f"{run}: {pipeline}" for run, pipeline in pipelines.items())
        super().__init__(
            f"Runs of different pipelines cannot be compared:\n{listed}\n"
            "Choose runs of one pipeline. `kfpkit runs list --pipeline NAME` lists them."
        )


class UnprunableRunError(RunsError):
    """A run's folder cannot be removed."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and what the operating system says."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The run in {folder} cannot be removed: {cause}. Check the permissions of its folder."
        )


class UnwritablePageError(RunsError):
    """The page of a run cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the run's `folder` and the `cause` that the operating system reports."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The page of the run in {folder} cannot be written: {cause}. Free some space, or make "
            "the folder writable."
        )


class UnwritableComparisonError(RunsError):
    """The page of a comparison cannot be written."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` and the `cause` that the operating system reports."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"The page of the comparison, {file}, cannot be written: {cause}. Name another "
            "file with `--output`."
        )


class UnretryableRunError(RunsError):
    """A run cannot be retried."""

    def __init__(self, *, run: str, cause: str, remedy: str) -> None:
        """Name the `run`, the `cause` and the `remedy`."""
        self.run = run
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"The run `{run}` cannot be retried: {cause}. {remedy}.")


class UncancellableRunError(RunsError):
    """A run cannot be cancelled."""

    def __init__(self, *, run: str, cause: str, remedy: str) -> None:
        """Name the `run`, the `cause` and the `remedy`."""
        self.run = run
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"The run `{run}` cannot be cancelled: {cause}. {remedy}.")


class ChangedConfigurationError(RunsError):
    """The configuration file of a run has changed since the run started, or is gone."""

    def __init__(self, *, run: str, file: Path, cause: str) -> None:
        """Name the `run`, its configuration `file` and the `cause`."""
        self.run = run
        self.file = file
        self.cause = cause
        super().__init__(
            f"The run `{run}` cannot be retried with the same configuration, because {file} is no "
            f"longer the file that the run used: {cause}. Restore the file, or run the pipeline "
            "again with `kfpkit run`."
        )


class UnreadableRunError(RunsError):
    """A log of a run, or the folder of all runs, cannot be read."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` or folder, and the `cause` that the operating system reports."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"{file} cannot be read: {cause}. Check its permissions and those of its folder."
        )


class StrayLogError(RunsError):
    """The record of a run names a log that is not in the run's folder."""

    def __init__(self, *, run: str, log: Path) -> None:
        """Name the `run` and the `log`."""
        self.run = run
        self.log = log
        super().__init__(
            f"The record of the run `{run}` names {log} as a log, which is not in the run's "
            "folder. kfpkit doesn't write such records. If you trust this one, open the file "
            "yourself."
        )


class StrayRunError(RunsError):
    """A target or its run has a name that cannot be the name of a folder."""

    def __init__(self, *, target: str, run: str) -> None:
        """Name the `target` and the `run`, as the service reports it."""
        self.target = target
        self.run = run
        super().__init__(
            f"The run `{run}` of the target `{target}` can't be fetched: the names would be those "
            "of folders, and one of them has other characters than letters, digits, `.`, `_` and "
            "`-`. Look at the run in the target's own pages."
        )
