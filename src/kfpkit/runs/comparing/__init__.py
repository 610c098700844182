"""The differences between runs of one pipeline. The first run is the baseline."""

from __future__ import annotations

from kfpkit.runs.comparing.comparison import Comparison, compare
from kfpkit.runs.comparing.rows import Row
from kfpkit.runs.comparing.sources import SourceChange
from kfpkit.runs.comparing.tasks import TaskRow, describe_miss
from kfpkit.runs.comparing.texts import read_texts

__all__ = ["Comparison", "Row", "SourceChange", "TaskRow", "compare", "describe_miss", "read_texts"]
