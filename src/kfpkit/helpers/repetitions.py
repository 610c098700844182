"""Repetitions: how many values repeat an earlier one, in bounded memory.

Values are counted by their hash of 64 bits. As long as there are few different ones, all are kept.
When they become too many, only those are kept whose hash ends with a zero, then with two zeros, and
so on: a share that the values choose, so that all repetitions of a value are kept, or none. What is
counted among them stands for that share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST = 5_000_000
_WAITING = 1_000_000
_ERRORS = 4


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """How many values repeat an earlier one.

    Args:
        count: Their number, of all values.
        share: The share of the different values that it comes from. It is exact if that is 1.
    """

    count: int
    share: float

    def __str__(self) -> str:
        """Return the number as pages have it."""
        return f"{self.count:,}" if self.share == 1 else f"about {self.count:,}"


class RepetitionCounter:
    """Counts values that repeat an earlier one.

    Args:
        most: The most different values that are kept, with 16 bytes each.
    """

    def __init__(self, most: int = MOST) -> None:
        """Start with no values."""
        self._most, self._zeros, self._rows = most, 0, 0
        self._values = np.empty(0, "uint64")
        self._counts = np.empty(0, "int64")
        self._waiting: list[np.ndarray] = []
        self._waiting_rows = 0

    def add(self, hashes: np.ndarray) -> None:
        """Add values, by their hashes."""
        self._rows += len(hashes)
        chosen = hashes[self._are_chosen(hashes)] if self._zeros else hashes
        self._waiting.append(chosen)
        self._waiting_rows += len(chosen)
        if self._waiting_rows > min(_WAITING, self._most):
            self._merge()

    def count(self) -> Repeated:
        """Return how many of the values repeat an earlier one."""
        self._merge()
        kept = len(self._values)
        repeated = int(self._counts.sum() - kept) << self._zeros
        # One value that is very frequent may be among the kept ones or not. Then, the number of
        # different values tells more.
        by_values = self._rows - (kept << self._zeros)
        error = _ERRORS * int(kept**0.5) << self._zeros if self._zeros else 0
        count = by_values if abs(by_values - repeated) > error else repeated
        return Repeated(count=count, share=0.5**self._zeros)

    def _merge(self) -> None:
        found, counts = np.unique(
            np.concatenate([*self._waiting, self._values]), return_counts=True
        )
        # Each value that was kept before has been counted once among these.
        counts[np.searchsorted(found, self._values)] += self._counts - 1
        self._values, self._counts = found, counts
        self._waiting, self._waiting_rows = [], 0
        while len(self._values) > self._most:
            self._zeros += 1
            chosen = self._are_chosen(self._values)
            self._values, self._counts = self._values[chosen], self._counts[chosen]

    def _are_chosen(self, hashes: np.ndarray) -> np.ndarray:
        chosen: np.ndarray = hashes & np.uint64((1 << self._zeros) - 1) == 0
        return chosen
