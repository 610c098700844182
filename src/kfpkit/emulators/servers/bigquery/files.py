"""Files in Cloud Storage, as BigQuery's jobs address them.

A job's files are downloaded into a private folder and read there. `*` therefore matches any string,
as in BigQuery, not only a part between slashes, and no character of a name is special.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextvars import ContextVar
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local_bigquery.errors import BigQueryError
from local_bigquery.jobs import extract, load, runner, storage
from local_bigquery.settings import settings

_PREFIX = "files-"
_folder: ContextVar[Path] = ContextVar("folder")


def install() -> None:
    """Handle addresses instead of the package, and refuse those outside Cloud Storage."""
    for left in settings.data_dir.glob(f"{_PREFIX}*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    run_load, write_extract = load.run, extract.write

    def run(*arguments: Any) -> Any:
        with downloading():
            return run_load(*arguments)

    def write(cur: Any, query: str, params: Any, config: Any) -> Any:
        for uri in config.destinationUris or [config.destinationUri]:
            check_address(uri)
        return write_extract(cur, query, params, config)

    runner.HANDLERS["load"] = run
    load.paths = lambda _, uri: download(uri)
    extract.write = write
    storage._local = _refuse_local


@contextlib.contextmanager
def downloading() -> Iterator[None]:
    """Provide a folder for downloaded files, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=settings.data_dir) as folder:
        token = _folder.set(Path(folder))
        try:
            yield
        finally:
            _folder.reset(token)


def check_address(uri: str) -> tuple[str, str]:
    """Return the bucket and the name of a `gs://` address. BigQuery accepts no others."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not bucket or not name:
        _refuse_local(uri)
    if "*" in bucket or name.count("*") > 1:
        problem = f"`{uri}` can contain one `*`, which must be after the bucket."
        raise BigQueryError("invalid", problem)
    return bucket, name


def download(uri: str) -> list[str]:
    """Download the objects of an address into the job's folder, and return the files."""
    bucket, name = check_address(uri)
    names = _list(bucket, name, uri) if "*" in name else [name]
    if not names:
        raise BigQueryError("notFound", f"Not found: Uris {uri}")
    return [str(_download(bucket, each, uri)) for each in names]


def _refuse_local(uri: str) -> Any:
    problem = f"`{uri}` is not an address in Cloud Storage. BigQuery takes `gs://BUCKET/NAME`."
    raise BigQueryError("invalid", problem)


def _list(bucket: str, pattern: str, uri: str) -> list[str]:
    start, _, end = pattern.partition("*")
    found: list[str] = []
    query = {"prefix": start, "fields": "items(name),nextPageToken"}
    while True:
        with _open(f"/b/{bucket}/o?{urllib.parse.urlencode(query)}", uri) as answer:
            page = json.load(answer)
        found += [item["name"] for item in page.get("items", [])]
        if "nextPageToken" not in page:
            break
        query["pageToken"] = page["nextPageToken"]
    least = len(start) + len(end)
    # A name that ends with a slash is a folder that a console has made.
    return [n for n in found if len(n) >= least and n.endswith(end) and not n.endswith("/")]


def _download(bucket: str, name: str, uri: str) -> Path:
    folder = Path(tempfile.mkdtemp(dir=_folder.get()))
    *parents, last = (re.sub(r"[^\w.=-]", "_", part) for part in name.split("/"))
    for key in (part for part in parents if "=" in part):  # of Hive's partitions
        folder /= key
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / (last[-100:].lstrip(".") or "object")
    path = f"/b/{bucket}/o/{urllib.parse.quote(name, safe='')}?alt=media"
    with _open(path, uri) as answer, file.open("wb") as target:
        shutil.copyfileobj(answer, target)
    return file


@contextlib.contextmanager
def _open(path: str, uri: str) -> Iterator[Any]:
    try:
        with urllib.request.urlopen(f"{settings.storage_emulator_host}/storage/v1{path}") as answer:
            yield answer
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            raise BigQueryError("notFound", f"Not found: Uris {uri}") from None
        raise
