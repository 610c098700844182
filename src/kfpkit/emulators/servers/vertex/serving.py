"""Vertex AI's process: opens the state, goes on with the jobs, and serves."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn  # type: ignore[import-not-found]

from ..certificates import Authority
from .gateway import Gateway, list_hosts, load_context
from .jobs import Runner, Settings
from .names import Projects
from .rest import Application
from .rpc import start_rpc
from .served import select_served
from .services.artifact_registry import ArtifactRegistry
from .services.log_entries import LogEntries
from .services.metadata import Metadata
from .services.models import Models
from .services.operations import Operations
from .services.pipeline_files import PipelineFiles
from .services.pipelines import Pipelines
from .services.resource_manager import ResourceManager
from .services.templates import Templates
from .store import Store

JOBS = "KFPKIT_JOBS"
_BEAT = 0.5


class _Server(uvicorn.Server):  # type: ignore[misc]  # the package is not installed here
    """A server that leaves signals alone; there are two in this process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Change nothing."""
        yield


def run(listeners: Sequence[socket.socket], data: Path) -> None:
    """Open the state in `data`, then serve until SIGTERM.

    Args:
        listeners: The sockets for HTTP and for the proxy.
        data: The folder.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    http, proxy = listeners
    store = Store(data / "vertex.sqlite")
    projects = Projects(store)
    settings = _read_settings(data)
    runner = Runner(store, projects, settings)
    operations = Operations(store, projects)
    registry = ArtifactRegistry(store, projects, operations)
    services = [
        operations,
        registry,
        ResourceManager(projects),
        Pipelines(store, projects, operations, runner, Templates(registry, settings)),
        Models(store, projects, operations),
        Metadata(store, projects, operations),
    ]
    served, refused = select_served(services)
    plain = {
        ("GET", "/"): lambda _: {"open_jobs": runner.count_open_jobs()},
        ("POST", "/v2/entries:list"): LogEntries(store, projects, runner).list_entries,
    }
    application = Application(served, refused, plain, PipelineFiles(registry))
    authority = Authority.create(list_hosts())
    secure = _listen()
    gateway = Gateway(
        proxy,
        data=data,
        http=secure.getsockname()[1],
        authority=authority,
        start_rpc=partial(start_rpc, served),
    )
    stay = Stay(runner, data.parent / "users.lock")
    runner.changed = stay.adjust
    stay.start()
    runner.start()
    try:
        asyncio.run(_serve(application.app, http, secure, authority))
    finally:
        gateway.stop()
        runner.stop()
        store.close()


def _read_settings(data: Path) -> Settings:
    given = json.loads(os.environ[JOBS])
    return Settings(
        command=given["command"],
        reader=given["reader"],
        variables=given["variables"],
        project=Path(given["project"]),
        folder=data / "jobs",
    )


def _listen() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


async def _serve(
    app: Any, http: socket.socket, secure: socket.socket, authority: Authority
) -> None:
    servers = [_make_server(app), _make_server(app)]
    servers[1].config.load()
    servers[1].config.ssl = load_context(authority)
    loop = asyncio.get_running_loop()

    def end() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    await asyncio.gather(
        *(
            server.serve(sockets=[listener])
            for server, listener in zip(servers, (http, secure), strict=True)
        )
    )


def _make_server(app: Any) -> _Server:
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config)


class Stay:
    """Is a user of the emulators itself while jobs have not ended."""

    def __init__(self, runner: Runner, users: Path) -> None:
        """Hold the lock on `users` as long as the `runner` has jobs."""
        self._runner = runner
        self._lock = threading.Lock()
        self._file = users.open("r+b")
        self._held = False

    def start(self) -> None:
        """Look at the jobs now, and again and again."""
        self.adjust()
        threading.Thread(target=self._follow, daemon=True).start()

    def adjust(self) -> None:
        """Look at the jobs now."""
        with self._lock:
            wanted = self._runner.count_open_jobs() > 0
            if wanted and not self._held:
                fcntl.flock(self._file, fcntl.LOCK_SH)
            elif self._held and not wanted:
                fcntl.flock(self._file, fcntl.LOCK_UN)
            self._held = wanted

    def _follow(self) -> None:
        while True:
            time.sleep(_BEAT)
            with contextlib.suppress(sqlite3.Error):
                self.adjust()
