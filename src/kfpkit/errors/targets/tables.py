"""Tables of targets that are wrong or missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from kfpkit.errors.base import TargetsError
from kfpkit.errors.projects import ConfigurationFault
from kfpkit.wording import find_nearest, indent, quote_all

TARGET_EXAMPLE = """\
  [tool.kfpkit.targets.dev]
  kind = "vertex"
  project = "my-project"
  location = "europe-west4"
  pipeline-root = "gs://my-bucket/pipelines\""""
"""A table that adds a target, for messages."""


class InvalidTargetsError(TargetsError):
    """The tables of the project's targets have faults."""

    def __init__(self, *, faults: Sequence[ConfigurationFault]) -> None:
        """List all `faults`, one per line, in the order of the file."""
        self.faults = tuple(faults)
        count = len(self.faults)
        counted = "1 fault" if count == 1 else f"{count} faults"
        super().__init__(
            f"The project's targets have {counted}:\n{indent(self.faults)}\nCorrect each place."
        )


class UnknownTargetError(TargetsError):
    """The project has no target of the requested name."""

    def __init__(self, *, name: str, known: Iterable[str], file: Path) -> None:
        """Give the requested `name`, the `known` targets, and the `file` to add one to."""
        self.name = name
        self.known = tuple(known)
        self.file = file
        near = find_nearest(name, self.known)
        if near:
            advice = f"Did you mean `{near}`?"
        elif self.known:
            advice = f"Choose one of {quote_all(self.known)}."
        else:
            advice = f"Add one, for example:\n{TARGET_EXAMPLE}"
        super().__init__(f"{file} has no target `{name}`. {advice}")
