"""The emulators' own processes.

    python -m servers NAME --listener=FD … --data FOLDER --users FILE

Runs with the Python of the environment `emulators`, from the folder above, so under the name
`servers` and with relative imports only; kfpkit starts it and never imports it. The contract:

- `NAME` is a module of this package with a function `serve(listeners, data: Path)` that answers
  until SIGTERM: HTTP on the first of its sockets.
- `FD` is a listening socket that the parent has bound: its port is known before this process runs,
  and whoever connects early waits in its queue. `bigquery` gets a second one, for its proxy.
- One process serves a `FOLDER`; another one waits a moment for it, then exits with a message.
- Whoever uses the emulators holds a shared lock on `FILE`. When the last user is gone, however it
  ended, this process ends itself.
"""
