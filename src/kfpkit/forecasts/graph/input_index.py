"""Earlier successes by the values of their inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, Protocol, TypeVar


class HasInputs(Protocol):
    """An earlier success."""

    @property
    def inputs(self) -> Mapping[str, str]:
        """What identifies the values of its known inputs, by name."""


T = TypeVar("T", bound=HasInputs)


class InputIndex(Generic[T]):
    """Finds earlier successes by known inputs, in less time than comparing each.

    Args:
        successes: The successes with one base.
    """

    def __init__(self, successes: Iterable[T]) -> None:
        self._every = list(successes)
        self._by_value: dict[tuple[str, str], list[int]] = {}
        every = [each.inputs for each in self._every]
        names = {name for inputs in every for name in inputs}
        self._without: dict[str, list[int]] = {name: [] for name in names}
        for number, inputs in enumerate(every):
            for name, value in inputs.items():
                self._by_value.setdefault((name, value), []).append(number)
            for name in names - inputs.keys():
                self._without[name].append(number)

    def find(self, known: Mapping[str, str]) -> list[T]:
        """Return the successes that may have the same inputs, in their order.

        Args:
            known: What identifies the values of known inputs, by name.

        Returns:
            At least those that do. For one of the inputs, each has the value or none at all.
        """
        fewest: list[int] | None = None
        for name, value in known.items():
            if name in self._without:
                numbers = [*self._by_value.get((name, value), ()), *self._without[name]]
                fewest = numbers if fewest is None or len(numbers) < len(fewest) else fewest
        return self._every if fewest is None else [self._every[each] for each in sorted(fewest)]
