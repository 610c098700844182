"""Python's garbage collector, which can take longer than the work that it interrupts.

Imports create some hundred thousand objects, and syntax trees come and go by the thousand. Almost
none of them are garbage that only the collector could find. With its default thresholds, it
examines all of them again and again.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Pause the collector in all threads while the context lasts."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
