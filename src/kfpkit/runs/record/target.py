"""Where a run ran."""

from __future__ import annotations

from typing import Literal

from kfpkit.runs.record.part import Part


class Target(Part):
    """Where a run ran.

    Args:
        name: The target's name; `local` for this machine.
        kind: What kind of target it is.
        mode: On this machine: tasks run in virtual environments (`venv`) or in their images
            (`container`).
        project: The Google Cloud project.
        location: The region.
        link: The address of the run in the target's console.
    """

    name: str
    kind: Literal["local", "vertex", "kubeflow", "emulator"]
    mode: Literal["venv", "container"] | None = None
    project: str | None = None
    location: str | None = None
    link: str | None = None
