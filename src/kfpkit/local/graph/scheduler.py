"""Runs each task after its dependencies, and independent tasks in parallel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

# A signal that comes just before Python waits does not end the wait, and is looked at after it.
_SECONDS = 1.0

T = TypeVar("T")


def run_in_order(
    dependencies: Mapping[str, Collection[str]],
    run: Callable[[str, Mapping[str, T]], T],
    announce: Callable[[Sequence[str]], None] = lambda _: None,
) -> dict[str, T]:
    """Run each task as soon as all its dependencies have run.

    Args:
        dependencies: For each task, the tasks that it depends on. Unknown tasks are ignored.
        run: Runs one task, given its name and the outcomes of its dependencies, and returns its
            outcome. It is called in threads.
        announce: Called with the names of the tasks that start next, before the first of them
            starts.

    Returns:
        The outcome of each task.

    Raises:
        ValueError: Tasks depend on each other in a circle.
    """
    waiting = {
        name: {other for other in needed if other in dependencies}
        for name, needed in dependencies.items()
    }
    outcomes: dict[str, T] = {}
    running: dict[Future[T], str] = {}
    with ThreadPoolExecutor(max_workers=max(len(waiting), 1)) as threads:
        while waiting or running:
            ready = [name for name, needed in waiting.items() if needed <= outcomes.keys()]
            announce(ready)
            for name in ready:
                upstream = {other: outcomes[other] for other in waiting.pop(name)}
                running[threads.submit(run, name, upstream)] = name
            if not running:
                message = f"these tasks depend on each other in a circle: {sorted(waiting)}"
                raise ValueError(message)
            done, _ = wait(running, timeout=_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                outcomes[running.pop(future)] = future.result()
    return outcomes
