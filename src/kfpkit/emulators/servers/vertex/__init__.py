"""Vertex AI on this machine: Google's own API, served to unchanged clients, with jobs that run.

    rest ─┐                    ┌─ store (SQLite)
    rpc ──┴─ served ─ services ┼─ filtering, listing
                               └─ jobs ──▶ a child process for each job

- `services` has a module for each service: functions from a request's message to an answer.
- `served` joins the functions with Google's addresses. `rest` and `rpc` serve all of them.
- `gateway` directs clients here that connect to Google's own hosts.
- `jobs` runs pipeline jobs with the author's Python and `kfpkit run`'s machinery.

The rule for each method and field: it is correct, or it is refused with "Not emulated". Names in
answers have the project's number, as Google's have, and every project exists. Requests are not
authorized.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path


def serve(listeners: Sequence[socket.socket], data: Path) -> None:
    """Open the state in `data`, then serve until SIGTERM.

    Args:
        listeners: The sockets for HTTP and for the proxy.
        data: The folder.
    """
    from .serving import run  # noqa: PLC0415 - tests import the rest with a Python without uvicorn

    run(listeners, data)


__all__ = ["serve"]
