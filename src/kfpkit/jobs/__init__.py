"""Pipeline jobs of the emulator of Vertex AI, each a process that runs one pipeline.

The emulator writes a job's folder, and starts `python -m kfpkit.jobs FOLDER` with the author's
Python:

- `pipeline.yaml` is the compiled pipeline, `job.json` has its parameters.
- `runs.txt` gets the names of the runs under `.kfpkit/runs/`. There are several if the process was
  killed: the next one continues from the record of the last run.
- `failure.txt` says why the pipeline can't run at all.

Runs are the same as those of `kfpkit run`, apart from the execution cache, whose keys are those
that Vertex AI documents (`documented_key`). Only one process works on a job. It ends when its
standard input is closed, so it doesn't outlive the emulator.

`python -m kfpkit.jobs.template` reads the compiled pipelines that jobs name by their address.
"""

from __future__ import annotations
