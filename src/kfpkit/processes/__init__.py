"""Child processes that end with the process that started them, even if that is killed.

    Processes ──▶ Keepers ──socket──▶ fork server (`in_keeper/keep.py`)
        │                                  └──▶ keeper ──▶ command, in a session
        │                                        ▲            └──▶ its children
        ├──▶ KeptProcess ─────────socket─────────┘
        └──▶ any other `Running`, such as a container

Tasks of local runs and builds of images run this way. Guaranteed:

- A command ends with everything that it has started, including processes that left its session:
  when it is killed, when its program ends, and when the process that started it ends for any
  reason.
- One call from any thread stops everything that `Processes` runs. Nothing new starts after that.
- A command that can't be started raises `StartError`, which each caller turns into its own error.
"""

from __future__ import annotations

from kfpkit.processes.ending import Ending
from kfpkit.processes.kept_process import KeptProcess, Running, StartError
from kfpkit.processes.processes import Processes

__all__ = ["Ending", "KeptProcess", "Processes", "Running", "StartError"]
