"""The locations of jobs: those that their clients specify, or those of their data.

The package answers `US` to everything. Here, a dataset is where it was created, and a table where
its dataset is. A job is where its request specifies, or where its datasets are. It isn't found
anywhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Any

from local_bigquery import app
from local_bigquery.api import jobs, uploads
from local_bigquery.catalog import metadata, tables
from local_bigquery.errors import BigQueryError, not_found
from local_bigquery.jobs import runner
from local_bigquery.models import Dataset
from local_bigquery.sql.translate import parse
from sqlglot import exp

_DEFAULT = "US"
_MULTIPLE = ("US", "EU")
_asked: ContextVar[str | None] = ContextVar("asked", default=None)  # in the body of a request
_sought: ContextVar[str | None] = ContextVar("sought", default=None)  # in its address
_current: ContextVar[str] = ContextVar("current", default=_DEFAULT)  # of the job at work


def install() -> None:
    """Add locations to jobs and tables."""
    for route in jobs.router.routes:
        if route.endpoint in (jobs.insert_job, jobs.run_query):
            route.endpoint = _hear(route.endpoint)  # before the first request, which looks it up
    uploads._start = _hear(uploads._start)
    runner._job = _locate(runner._job)
    runner.get = _seek(runner.get)
    runner.from_exception = _translate(runner.from_exception)
    tables.defaults = _place(tables.defaults)
    jobs.with_rows = _answer(jobs.with_rows)

    @app.middleware("http")  # type: ignore[untyped-decorator]  # the package is not installed here
    async def hear(request: Any, proceed: Callable[[Any], Awaitable[Any]]) -> Any:
        token = _sought.set(request.query_params.get("location"))
        try:
            return await proceed(request)
        finally:
            _sought.reset(token)


def find_location(project: str, configuration: Any, asked: str | None) -> str:
    """Return the location of a job.

    Raises:
        BigQueryError: One of its datasets has another location.
    """
    location = None if asked is None else _normalise_location(asked)
    for key in dict.fromkeys(_find_datasets(project, configuration)):
        dataset = metadata.load(Dataset, *key)
        if dataset is None:
            continue
        found = _normalise_location(dataset.location or _DEFAULT)
        location = location or found
        if found != location:
            where = f"was not found in location {location}"
            raise BigQueryError("notFound", f"Not found: Dataset {':'.join(key)} {where}")
    return location or _DEFAULT


def _normalise_location(location: str) -> str:
    upper = location.upper()
    return upper if upper in _MULTIPLE else location.lower()


def _find_datasets(project: str, configuration: Any) -> Iterator[tuple[str, str]]:
    """Yield the datasets in a job's configuration and its statements."""
    for job in (
        configuration.query,
        configuration.load,
        configuration.copy_,
        configuration.extract,
    ):
        given = {} if job is None else job.dump()
        references = [given.get(name) for name in ("defaultDataset", "destinationTable")]
        references += [given.get("sourceTable"), *given.get("sourceTables", [])]
        for reference in references:
            if reference and "datasetId" in reference:
                yield reference.get("projectId", project), reference["datasetId"]
    if configuration.query is not None:
        try:
            statements = parse(configuration.query.query or "")
        except BigQueryError:
            return  # the job itself will tell
        for table in (table for tree in statements for table in tree.find_all(exp.Table)):
            if table.db:
                yield table.catalog or project, table.db


def _hear(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def heard(*arguments: Any, **values: Any) -> Any:
        body = values["body"] if "body" in values else arguments[1]
        job = getattr(body, "jobReference", None)
        token = _asked.set(getattr(body, "location", None) or (job and job.location))
        try:
            return call(*arguments, **values)
        finally:
            _asked.reset(token)

    return heard


def _locate(make: Callable[..., Any]) -> Callable[..., Any]:
    def located(project: str, job_id: str | None, configuration: Any) -> Any:
        location = find_location(project, configuration, _asked.get())
        _current.set(location)
        job = make(project, job_id, configuration)
        return job.replace(
            id=f"{project}:{location}.{job_id}",
            selfLink=job.selfLink.replace("location=US", f"location={location}"),
            jobReference=job.jobReference.dump() | {"location": location},
        )

    return located


def _seek(get: Callable[..., Any]) -> Callable[..., Any]:
    def sought(project: str, job_id: str) -> Any:
        job, location = get(project, job_id), _sought.get()
        if location is not None and _normalise_location(location) != job.jobReference.location:
            raise not_found("Job", f"{project}:{location}.{job_id}")
        return job

    return sought


def _translate(translate: Callable[..., Any]) -> Callable[..., Any]:
    def translated(error: Exception) -> Any:
        found = translate(error)
        found.message = found.message.replace("in location US", f"in location {_current.get()}")
        return found

    return translated


def _place(defaults: Callable[..., Any]) -> Callable[..., Any]:
    def placed(project: str, dataset: str, table: str) -> Any:
        stored = metadata.load(Dataset, project, dataset)
        location = (stored and stored.location) or _DEFAULT
        return defaults(project, dataset, table).replace(location=_normalise_location(location))

    return placed


def _answer(with_rows: Callable[..., Any]) -> Callable[..., Any]:
    def answered(payload: dict[str, Any], rows: list[str]) -> Any:
        if "location" in payload:
            payload = {**payload, "location": payload["jobReference"].location}
        return with_rows(payload, rows)

    return answered
