"""The emulators' own processes.

    python -m servers NAME --listener=FD … --data FOLDER --users FILE

Runs with the Python of the environment `emulators`, from the parent folder, so under the name
`servers` and with relative imports only. kfpkit starts it and never imports it. The contract:

- `NAME` is a module of this package with a function `serve(listeners, data: Path)` that serves
  until SIGTERM, with HTTP on the first of its sockets.
- `FD` is a listening socket that the parent has bound. Its port is known before this process runs,
  and early clients wait in its queue. `bigquery` gets a second one, for its proxy.
- Only one process serves a `FOLDER`. A new one waits a moment for it, then tells it to end, because
  it is started only if the other can't be reached. If that doesn't end, it exits with a message.
- Each user of the emulators holds a shared lock on `FILE`. When the last user has ended, for any
  reason, this process ends itself.
"""
