"""BigQuery, Cloud Storage and Vertex AI on this machine, for as long as something uses them.

    with emulators(["bigquery"], project=project, log_folder=folder) as variables:
        subprocess.run(task, env={**os.environ, **variables})

The servers are child processes with the Python of the environment `emulators`, on free ports of the
loopback interface. Their data stays under `.kfpkit/emulators/` from run to run.

Runs of one project share the servers: the first run starts them, and the last one stops them. Each
user holds a shared lock on one file, which the kernel releases however the user ends. A server ends
when it gets that lock exclusively. A run that is killed therefore leaves nothing behind, and a run
that ends early doesn't affect others. `servers/` runs in the other Python.

`start_emulator` keeps an emulator running in the background: a small process that is a user, too.
Vertex AI runs jobs. It is a user itself until they have ended.
"""

from __future__ import annotations

from kfpkit.emulators.background import Status, read_status, start_emulator, stop_emulator
from kfpkit.emulators.data import identify_data, read_identity
from kfpkit.emulators.known import PROJECT
from kfpkit.emulators.session import emulators, find_emulators, name_variables

__all__ = [
    "PROJECT",
    "Status",
    "emulators",
    "find_emulators",
    "identify_data",
    "name_variables",
    "read_identity",
    "read_status",
    "start_emulator",
    "stop_emulator",
]
