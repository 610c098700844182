"""The project that the benchmarks measure: helpers of 50 kB and components that use them."""

from __future__ import annotations

import random
from pathlib import Path

HELPER_MODULES = 5
HELPER_BYTES = 10_000
WORDS = [
    "account",
    "amount",
    "balance",
    "card",
    "customer",
    "day",
    "device",
    "limit",
    "merchant",
    "rate",
    "score",
    "session",
]


def write_helpers(root: Path, package: str = "fraud") -> list[str]:
    """Write a package of five modules of 10 kB each, of code as people write it.

    Args:
        root: The source root.
        package: The package's name.

    Returns:
        The modules' dotted names.
    """
    folder = root / package
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text('"""Helpers."""\n')
    names = [f"module_{index}" for index in range(HELPER_MODULES)]
    for index, name in enumerate(names):
        (folder / f"{name}.py").write_text(_module(index))
    return [f"{package}.{name}" for name in names]


def functions(index: int) -> list[str]:
    """Return the sources of one helper module's functions."""
    pick = random.Random(index)
    sources: list[str] = []
    while sum(map(len, sources)) < HELPER_BYTES:
        first, second, third = pick.sample(WORDS, 3)
        name = f"{first}_{second}_{index}_{len(sources)}"
        sources.append(
            f"def {name}({first}: float, {second}: float, {third}: float = 1.0) -> float:\n"
            f'    """Relate the {first} to the {second}, weighted by the {third}."""\n'
            f"    if {second} == 0:\n"
            f'        raise ValueError("the {second} of the {third} must not be 0")\n'
            f"    return {third} * {first} / {second}\n"
        )
    return sources


def _module(index: int) -> str:
    return f'"""Helper module {index}."""\n\n\n' + "\n\n".join(functions(index))
