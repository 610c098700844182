"""uv, Poetry and interpreters, found and run as processes."""

from __future__ import annotations

from kfpkit.environments.tools.interpreters import (
    RUNNING,
    installed,
    interpreter,
)
from kfpkit.environments.tools.tools import (
    run,
    uv,
)

__all__ = ["RUNNING", "installed", "interpreter", "run", "uv"]
