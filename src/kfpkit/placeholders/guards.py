"""Whether anybody around an import statement counts on its failing.

This is decided on the call stack, so that a module which is imported under a guard is covered with
all that it imports.
"""

from __future__ import annotations

from types import FrameType

from kfpkit.placeholders.load import Load
from kfpkit.placeholders.sources import read_source

_MODULE = "<module>"


def is_guarded(frame: FrameType, load: Load) -> bool:
    """Say whether a fallback follows if an import fails.

    In the author's own code, any handler that catches the failure counts. In libraries, only one
    that names `ImportError` does, since threads and executors catch everything and hand it on.

    Args:
        frame: The frame with the import statement.
        load: The load that the import belongs to; what called it is not asked.
    """
    asked: FrameType | None = frame
    while asked is not None and asked not in load.border:
        if _is_guarded_here(asked, load):
            return True
        asked = asked.f_back
    return False


def _is_guarded_here(frame: FrameType, load: Load) -> bool:
    code = frame.f_code
    line = frame.f_lineno
    guards = read_source(code.co_filename).guards if line else ()
    if not guards:
        return False
    start = None if code.co_name == _MODULE else code.co_firstlineno
    file = frame.f_globals.get("__file__")
    is_own = isinstance(file, str) and load.owns(file)
    return any(guard.covers(line, start) and (is_own or guard.by_name) for guard in guards)
