"""BigQuery on this machine: `local-bigquery`.

Tables live in the data folder. `gs://` addresses go to the Cloud Storage emulator that
`STORAGE_EMULATOR_HOST` names, and a client that names no project gets the one of
`GOOGLE_CLOUD_PROJECT`. Nothing is downloaded: DuckDB's extensions come from installed packages.
"""
# ruff: noqa: PLC0415  the environment `emulators` has these packages, the author's has not

from __future__ import annotations

import logging
import os
import shutil
import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any

RESERVE = 16 * 2**20  # bytes that must be free for work to begin


def serve(listener: socket.socket, data: Path) -> None:
    """Open the tables in `data`, then answer on `listener` until SIGTERM.

    The tables are opened first, so that a database that cannot be opened ends the process at once
    and does not fail the first query.
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
    _guard_disk(app, data)
    _refuse_local_files()
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        connection.close()


def _guard_disk(app: Any, data: Path) -> None:
    """Refuse work when the disk is full: a job whose end cannot be written never ends."""
    from fastapi.responses import JSONResponse  # type: ignore[import-not-found]

    @app.middleware("http")  # type: ignore[untyped-decorator]  # the package is not installed here
    async def guard(request: Any, proceed: Any) -> Any:
        if request.method == "GET" or shutil.disk_usage(data).free >= RESERVE:
            return await proceed(request)
        message = f"No space left on device: less than {RESERVE >> 20} MiB are free in {data}."
        status = HTTPStatus.INSUFFICIENT_STORAGE  # unlike 500, clients do not repeat it
        return JSONResponse({"error": {"code": status, "message": message}}, status_code=status)


def _refuse_local_files() -> None:
    """Refuse addresses outside Cloud Storage, as BigQuery does; the package takes any path."""
    from local_bigquery.errors import BigQueryError
    from local_bigquery.jobs import storage

    find_local = storage._local  # noqa: SLF001 - all jobs and statements come by here

    def find(uri: str) -> Any:
        if uri.startswith("gs://"):
            return find_local(uri)
        problem = f"`{uri}` is not an address in Cloud Storage. BigQuery takes `gs://BUCKET/NAME`."
        raise BigQueryError("invalid", problem)

    storage._local = find  # noqa: SLF001 - as above


def _offer_extensions(home: Path) -> None:
    """Link the packaged extensions to where DuckDB looks for what it has downloaded before."""
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
