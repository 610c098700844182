"""Runs a task's command in a virtual environment or in a container."""

from __future__ import annotations

from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.image_environments import read_environment_name
from kfpkit.local.launching.launchers import Launcher, launcher_for
from kfpkit.local.launching.processors import count_processors
from kfpkit.local.launching.variables import TaskVariables, find_secrets_folder, merge_variables

__all__ = [
    "Execution",
    "Launcher",
    "TaskVariables",
    "count_processors",
    "find_secrets_folder",
    "launcher_for",
    "merge_variables",
    "read_environment_name",
]
