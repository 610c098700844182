"""Child processes that end with who started them, even if that is killed.

    Processes ──▶ Keepers ──socket──▶ fork server (`in_keeper/keep.py`)
        │                                  └──▶ keeper ──▶ command, in a session
        │                                        ▲            └──▶ its children
        ├──▶ KeptProcess ─────────socket─────────┘
        └──▶ any other `Running`, such as a container

Tasks of local runs and builds of images run this way. Guaranteed:

- A command ends with all that it has started, what left its session too, when it is killed, when
  its program ends, and when the process that started it is gone, however that ended.
- What `Processes` has running is stopped by one call from any thread, and nothing starts then.
- A command that cannot be started raises `StartError`; each caller has an error of its own for it.
"""

from __future__ import annotations

from kfpkit.processes.ending import Ending
from kfpkit.processes.kept_process import KeptProcess, Running, StartError
from kfpkit.processes.processes import Processes

__all__ = ["Ending", "KeptProcess", "Processes", "Running", "StartError"]
