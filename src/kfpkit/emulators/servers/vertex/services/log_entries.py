"""Cloud Logging, as far as it has the output of tasks: `entries:list`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..filtering import parse_filter
from ..filtering.syntax import Join, Restriction, Tree
from ..jobs import Runner
from ..jobs.details import make_number
from ..jobs.results import LOGS
from ..names import Projects, find_location, write_time
from ..refusals import invalid, not_emulated
from ..store import Store

_TYPE = "ml_job"
_LARGEST = 1000
_DEFAULT = 50
_HELP = 'Use `resource.type="ml_job" AND resource.labels.job_id="ID"`, and compare `timestamp`.'


class LogEntries:
    """The lines that tasks have written."""

    def __init__(self, store: Store, projects: Projects, runner: Runner) -> None:
        """Find jobs in the `store` and their logs with the `runner`."""
        self._store = store
        self._projects = projects
        self._runner = runner

    def list_entries(self, request: dict[str, Any]) -> dict[str, Any]:
        """List a page of entries: the lines of one task, oldest or newest first."""
        resources = request.get("resourceNames") or request.get("resource_names") or []
        if not resources:
            raise invalid("`resourceNames` is required: projects/PROJECT.")
        wanted = list(_list_restrictions(parse_filter(str(request.get("filter", "")))))
        entries = [each for each in self._find(wanted, resources) if _matches(each, wanted)]
        order = str(request.get("orderBy") or request.get("order_by") or "timestamp asc")
        if order not in {"timestamp asc", "timestamp desc", "timestamp"}:
            raise invalid("Invalid `orderBy`: use `timestamp asc` or `timestamp desc`.")
        if order.endswith("desc"):
            entries.reverse()
        return _cut_page(entries, request)

    def _find(self, wanted: list[Restriction], resources: list[str]) -> Iterator[dict[str, Any]]:
        ids = [each.value for each in wanted if each.field == ("resource", "labels", "job_id")]
        numbers = {self._projects.canonize(name).split("/")[1] for name in resources}
        for custom in ids:
            for _, job, task in self._store.list_links(LOGS, source=custom):
                if job.split("/")[1] in numbers:
                    yield from self._read(job, task)

    def _read(self, job: str, task: str) -> Iterator[dict[str, Any]]:
        row = self._store.get(job)
        found = None if row is None else self._runner.open_folder(row).read_record()
        if found is None:
            return
        run, record = found
        for each in record.get("tasks", []):
            if each["name"] == task and each.get("log"):
                yield from _read_lines(job, run, each)


def _read_lines(job: str, run: Path, task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return an entry for each line. Lines have no times: they count up from the task's start."""
    project, location = job.split("/")[1], find_location(job).rpartition("/")[2]
    number = make_number(job, task["name"])
    started = task.get("times", {}).get("running") or task["times"]["ready"]
    begin = dt.datetime.fromisoformat(started)
    labels = {"job_id": number, "project_id": project, "location": location}
    text = (run / task["log"]["path"]).read_text(encoding="utf-8", errors="replace")
    for index, line in enumerate(text.splitlines()):
        moment = write_time(begin + dt.timedelta(microseconds=index))
        yield {
            "insertId": f"{number}-{index:08}",
            "logName": f"projects/{project}/logs/workerpool0-0",
            "resource": {"type": _TYPE, "labels": {**labels, "task_name": "workerpool0-0"}},
            "timestamp": moment,
            "receiveTimestamp": moment,
            "severity": "INFO",
            "textPayload": line,
            "labels": {"ml.googleapis.com/job_id": number},
        }


def _list_restrictions(tree: Tree | None) -> Iterator[Restriction]:
    """Return the conditions of a filter. All of them have to be met."""
    if isinstance(tree, Restriction):
        yield tree
    elif isinstance(tree, Join) and tree.word == "AND":
        for part in tree.parts:
            yield from _list_restrictions(part)
    elif tree is not None:
        raise not_emulated("this filter of log entries", _HELP)


def _matches(entry: Mapping[str, Any], wanted: list[Restriction]) -> bool:
    return all(_meets(entry, each) for each in wanted)


def _meets(entry: Mapping[str, Any], wanted: Restriction) -> bool:
    value: Any = entry
    for part in wanted.field:
        value = value.get(part) if isinstance(value, Mapping) else None
    name = ".".join(wanted.field)
    if name == "timestamp":
        return _compare(str(value), wanted.operator, _read_time(wanted.value))
    known = {"resource.type", "resource.labels.job_id", "logName", "severity", "textPayload"}
    if name not in known or wanted.operator not in {"=", "!=", ":"}:
        raise not_emulated(f"the filter `{name}{wanted.operator}` of log entries", _HELP)
    if wanted.operator == ":":
        return wanted.value in str(value)
    return (value == wanted.value) is (wanted.operator == "=")


def _compare(value: str, operator: str, wanted: str) -> bool:
    found = {
        "=": value == wanted,
        "!=": value != wanted,
        "<": value < wanted,
        "<=": value <= wanted,
        ">": value > wanted,
        ">=": value >= wanted,
    }
    if operator not in found:
        raise invalid(f"Invalid filter: `timestamp` does not support `{operator}`.")
    return found[operator]


def _read_time(text: str) -> str:
    try:
        return write_time(dt.datetime.fromisoformat(text))
    except ValueError:
        raise invalid("Invalid filter: `timestamp` needs a time in RFC 3339 format.") from None


def _cut_page(entries: list[dict[str, Any]], request: Mapping[str, Any]) -> dict[str, Any]:
    size = min(int(request.get("pageSize") or request.get("page_size") or _DEFAULT), _LARGEST)
    token = str(request.get("pageToken") or request.get("page_token") or "0")
    if not re.fullmatch(r"\d{1,12}", token):
        raise invalid("Invalid `pageToken`.")
    start = int(token)
    page = {"entries": entries[start : start + size]} if entries[start:] else {}
    return {**page, "nextPageToken": str(start + size)} if entries[start + size :] else page
