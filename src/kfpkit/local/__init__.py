"""Pipelines on this machine, in virtual environments made from the environments' locks.

What goes in is a compiled pipeline, always: a folder or Python file is compiled first, so what runs
here is what would be submitted. What comes out is a `RunResult` and a folder `.kfpkit/runs/RUN`
with the compiled pipeline, each task's log, the artifacts and a `run.json`.

`kfp.local` supplies the meaning of the specification: how arguments are resolved, how an executor
input looks, how placeholders are filled in, how outputs are read. It runs one task after another
and keeps its state in globals, so the rest is here:

- `graph` follows the specification's graphs (conditions, loops, exit handlers, pipelines in
  pipelines) and `scheduler` starts each task as soon as what it depends on is done;
- `task` runs one task: from the cache, or by a launcher, repeated as its retry policy says;
- `launchers` run an `execution` to its `ending` where `image_environments` say: as a process in a
  virtual environment (`venv_launcher`), or in a container of the image (`container_launcher`);
- each process runs under a keeper of its own (`kfpkit.processes`), which ends it, with all that it
  has started, when the run is gone, too; `container_keeper` does the same for containers;
- `presence` tells runs that go on from those that broke off;
- `slots` bounds how many tasks run at once, and shares the `processors` among them, which `threads`
  tells the libraries;
- `journal` knows how each task stands and tells who watches (`progress`); `summary` writes the
  `run.json`. What is printed is the command line's.

Guaranteed: a task that fails stops those that depend on it and no others; nothing runs any longer
when a run has ended or was killed; two runs at once do not touch each other's files.
"""

from __future__ import annotations

from kfpkit.local.configuration import Configuration, find_configuration, read_configuration
from kfpkit.local.record import RunResult
from kfpkit.local.run import run_pipeline

__all__ = [
    "Configuration",
    "RunResult",
    "find_configuration",
    "read_configuration",
    "run_pipeline",
]
