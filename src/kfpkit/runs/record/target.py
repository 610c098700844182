"""The place where a run ran."""

from __future__ import annotations

from typing import Literal

from kfpkit.runs.record.part import Part


class Target(Part):
    """The place where a run ran.

    Args:
        name: The target's name, or `local` for this machine.
        kind: The kind of target.
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
