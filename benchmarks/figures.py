"""A measured figure, and the bar that it is held to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 1000  # from here on, decimals tell nothing


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure.

    Args:
        name: What was measured.
        value: The figure.
        unit: Its unit; `x` for a ratio.
        bar: The largest value that is accepted; None for a figure that is only shown.
        below: Whether the value must be below the bar rather than at most the bar.
        of: Which of several things it was measured of; None for a figure of its own.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    below: bool = False
    of: str | None = None

    @property
    def title(self) -> str:
        """What was measured, and of what."""
        return self.name if self.of is None else f"{self.of}, {self.name}"

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bar."""
        if self.bar is None:
            return True
        return self.value < self.bar if self.below else self.value <= self.bar

    @property
    def shown(self) -> str:
        """The value with its unit, with the decimals that tell something."""
        digits = 0 if float(self.value).is_integer() or self.value >= WHOLE else 2
        digits = 3 if self.unit == "x" and self.value < 1 else digits
        return f"{self.value:,.{digits}f} {self.unit}"

    @property
    def bar_shown(self) -> str:
        """The bar with its unit; empty without one."""
        if self.bar is None:
            return ""
        number = f"{self.bar:,.0f}" if self.bar >= WHOLE else f"{self.bar:.3g}"
        return f"{'<' if self.below else '≤'} {number} {self.unit}"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of two series that were measured in turn."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
