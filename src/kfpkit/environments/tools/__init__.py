"""uv, Poetry and interpreters, found and run as processes."""

from __future__ import annotations

from kfpkit.environments.tools.interpreters import RUNNING, find_interpreter, list_interpreters
from kfpkit.environments.tools.tools import find_uv, run

__all__ = ["RUNNING", "find_interpreter", "find_uv", "list_interpreters", "run"]
