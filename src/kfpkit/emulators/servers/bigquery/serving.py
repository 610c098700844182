"""BigQuery's process: opens the tables, installs the corrections, and serves."""
# ruff: noqa: PLC0415  what is imported reads settings that are made before

from __future__ import annotations

import logging
import os
import shutil
import socket
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

RESERVE = 16 * 2**20  # bytes that must be free for work to begin
ROOTS = "roots.pem"


def serve(listeners: Sequence[socket.socket], data: Path) -> None:
    """Open the tables in `data`, then serve until SIGTERM.

    The tables are opened first. A database that can't be opened then ends the process immediately
    instead of failing the first query.

    Args:
        listeners: The sockets for HTTP and for gRPC's proxy.
        data: The folder.
    """
    _offer_extensions(data / "home")

    import uvicorn  # type: ignore[import-not-found]
    from local_bigquery import app
    from local_bigquery.engine import database
    from local_bigquery.settings import settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings.data_dir = data
    settings.default_project_id = os.environ["GOOGLE_CLOUD_PROJECT"]
    connection = database.connection()
    _mend()
    _guard_disk(app, data)

    from .gateway import Gateway

    http, proxy = listeners
    gateway = Gateway(proxy, data / ROOTS)
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2)
    try:
        uvicorn.Server(config).run(sockets=[http])
    finally:
        gateway.stop()
        connection.close()


def _mend() -> None:
    """Install each part. If parts wrap the same function, the last one is called first."""
    from . import (
        avro,
        external,
        external_statements,
        files,
        json_rows,
        limits,
        locations,
        partitions,
        refusals,
        row_counts,
        statements,
    )

    for part in (refusals, avro, files, json_rows, row_counts, external, partitions):
        part.install()
    for part in (external_statements, statements, limits, locations):
        part.install()


def _guard_disk(app: Any, data: Path) -> None:
    """Refuse work if the disk is full. A job whose end can't be written never ends."""
    from fastapi.responses import JSONResponse  # type: ignore[import-not-found]

    @app.middleware("http")  # type: ignore[untyped-decorator]  # the package is not installed here
    async def guard(request: Any, proceed: Any) -> Any:
        if request.method == "GET" or shutil.disk_usage(data).free >= RESERVE:
            return await proceed(request)
        message = f"No space left on device: less than {RESERVE >> 20} MiB are free in {data}."
        status = HTTPStatus.INSUFFICIENT_STORAGE  # unlike 500, clients do not repeat it
        return JSONResponse({"error": {"code": status, "message": message}}, status_code=status)


def _offer_extensions(home: Path) -> None:
    """Link the packaged extensions to the folder of DuckDB's downloads."""
    import duckdb

    found = duckdb.execute("PRAGMA platform").fetchone()
    packages = Path(duckdb.__file__).parent.parent
    for extension in packages.glob("duckdb_extension_*/extensions/v*/*.duckdb_extension"):
        folder = home / ".duckdb" / "extensions" / extension.parent.name / found[0]
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / extension.name
        link.unlink(missing_ok=True)
        link.symlink_to(extension)
    os.environ["HOME"] = str(home)
