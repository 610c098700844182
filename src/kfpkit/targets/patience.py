"""How long requests are repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from google.api_core import retry

Answer = TypeVar("Answer")

_BRIEF = 10.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long requests are repeated.

    Args:
        first: The seconds before the first repetition. Later ones wait twice as long.
        longest: The seconds that no wait exceeds.
        total: The seconds after which kfpkit gives up.
        request: The seconds in which a request has to be answered.
    """

    first: float = 1.0
    longest: float = 20.0
    total: float = 120.0
    request: float = 60.0

    @property
    def brief(self) -> Patience:
        """The patience for a single question, which the user waits for."""
        return replace(self, total=min(_BRIEF, self.total))

    def make_delays(self) -> Iterator[float]:
        """Return the seconds before each repetition."""
        delays: Iterator[float] = retry.exponential_sleep_generator(self.first, self.longest)
        return delays

    def repeat(self, what: Callable[[], Answer], is_passing: Callable[[Exception], bool]) -> Answer:
        """Call something until it succeeds, or the time is over.

        Args:
            what: What to call.
            is_passing: Whether it is called again after an error.

        Raises:
            RetryError: The time is over. Its cause is the last error.
        """
        repeating = retry.Retry(
            predicate=is_passing,
            initial=self.first,
            maximum=self.longest,
            timeout=self.total,
        )
        answer: Answer = repeating(what)()
        return answer
