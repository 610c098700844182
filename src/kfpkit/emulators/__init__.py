"""BigQuery and Cloud Storage on this machine, for as long as something uses them.

    with emulators(["bigquery"], project=project, log_folder=folder) as variables:
        subprocess.run(task, env={**os.environ, **variables})

The servers are child processes with the Python of the environment `emulators`, on free ports of the
loopback interface. Their data stays under `.kfpkit/emulators/` from run to run.

Runs of one project share the servers: the first starts them, the last stops them. Each user holds a
shared lock on one file, which the kernel takes back however a user ends; a server ends itself when
it gets that lock for itself alone. So a run that is killed leaves nothing behind, and one that ends
early takes nothing away from another. `servers/` is what runs in the other Python.
"""

from __future__ import annotations

from kfpkit.emulators.data import identify_data
from kfpkit.emulators.known import PROJECT
from kfpkit.emulators.session import emulators, find_emulators

__all__ = ["PROJECT", "emulators", "find_emulators", "identify_data"]
