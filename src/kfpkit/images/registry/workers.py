"""Threads that do several pieces of work at a time, and that nobody has to wait for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def start(tasks: Sequence[Callable[[], Result]], *, jobs: int) -> list[Future[Result]]:
    """Start tasks in the background.

    A process that is interrupted ends without waiting for them, unlike with `ThreadPoolExecutor`:
    a push to a registry that hangs would keep it for as long as that does.

    Args:
        tasks: What to call.
        jobs: How many run at a time.

    Returns:
        A future for each task; cancel those that have not begun when their results are not wanted.
    """
    waiting: queue.SimpleQueue[tuple[Future[Result], Callable[[], Result]]] = queue.SimpleQueue()
    futures: list[Future[Result]] = []
    for task in tasks:
        futures.append(Future())
        waiting.put((futures[-1], task))
    for _ in range(min(max(jobs, 1), len(tasks))):
        threading.Thread(target=_work, args=[waiting], daemon=True).start()
    return futures


def _work(waiting: queue.SimpleQueue[tuple[Future[Result], Callable[[], Result]]]) -> None:
    while True:
        try:
            future, task = waiting.get_nowait()
        except queue.Empty:
            return
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(task())
            except BaseException as error:  # noqa: BLE001 - whoever waits for the result gets it
                future.set_exception(error)
