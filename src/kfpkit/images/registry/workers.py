"""Threads that run several tasks in parallel without blocking the end of the process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def start(tasks: Sequence[Callable[[], Result]], *, jobs: int) -> list[Future[Result]]:
    """Start tasks in the background.

    Unlike with `ThreadPoolExecutor`, an interrupted process ends without waiting for them. A push
    to a registry that hangs would otherwise block it.

    Args:
        tasks: The functions to call.
        jobs: The number of parallel tasks.

    Returns:
        A future for each task. Cancel those that haven't begun if you don't need their results.
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
