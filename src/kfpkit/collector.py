"""Python's garbage collector, which takes longer than the work that it interrupts.

Imports leave some hundred thousand objects, syntax trees come and go by the thousand, and none of
them is garbage that only the collector could find. With its usual thresholds it looks at all of
them again and again.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Collect nothing while the context lasts, in any thread."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
