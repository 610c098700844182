"""A seeded sample of faults: lines first, then one fault of each."""

from __future__ import annotations

import random
from collections.abc import Iterable

from mutants.faults import Fault, Possible


def draw(possible: Iterable[Possible], *, seed: int, count: int) -> list[Fault]:
    """Draw faults of one package; a larger `count` adds to what a smaller one draws.

    Args:
        possible: All faults of the package.
        seed: Chooses the sample.
        count: How many lines to draw.
    """
    by_line: dict[tuple[str, int], list[Possible]] = {}
    for each in possible:
        by_line.setdefault((each.file, each.line), []).append(each)
    lines = sorted(by_line)
    random.Random(seed).shuffle(lines)
    return [_choose(by_line[line], seed) for line in lines[:count]]


def _choose(possible: list[Possible], seed: int) -> Fault:
    """Choose a kind, then one of its faults, lest the kind with most variants win each line."""
    place = random.Random(f"{seed} {possible[0].file}:{possible[0].line}")
    kind = place.choice(sorted({each.kind for each in possible}))
    return place.choice([each for each in possible if each.kind == kind]).fault()
