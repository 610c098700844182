"""Which runs a list shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kfpkit.runs.history.listing import RunLine


@dataclass(frozen=True, kw_only=True)
class RunFilter:
    """Which runs a list shows. A run has to meet all conditions.

    Args:
        pipeline: Only runs of this pipeline.
        state: Only runs in this state.
        since: Only runs from this time on.
        until: Only runs from before this time.
        labels: Only runs with these labels.
    """

    pipeline: str | None = None
    state: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def admits(self, line: RunLine) -> bool:
        """Return whether a run meets the conditions.

        Args:
            line: The run in a list.
        """
        if self.pipeline not in {None, line.pipeline} or self.state not in {None, line.state}:
            return False
        if self.since is not None and (line.started is None or line.started < self.since):
            return False
        if self.until is not None and (line.started is None or line.started >= self.until):
            return False
        return self.labels.items() <= line.labels.items()
