"""Stores the progress and the end of jobs, with the lineage of their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..google_messages import find_message, make_message
from ..names import Projects, find_location, read_clock, split_name, write_time
from ..store import Row, Store
from .details import describe_tasks, make_number
from .folder import JobFolder
from .lineage import Lineage

KIND = "PipelineJob"
LOGS = "log of task"
SUCCEEDED, FAILED, CANCELLED = 4, 5, 7
_CODES = {FAILED: 9, CANCELLED: 1}
_OPEN = {"PENDING", "RUNNING"}


class JobResults:
    """What becomes of jobs."""

    def __init__(self, store: Store, projects: Projects) -> None:
        """Write to the `store`."""
        self._store = store
        self._projects = projects
        self._lineage = Lineage(store)

    def begin(self, job: Any) -> None:
        """Give a job its contexts, which clients wait for before it ends.

        Args:
            job: The job, which changes.
        """
        contexts = self._lineage.describe_contexts(job)
        job.job_detail.CopyFrom(make_message("PipelineJobDetail", contexts))

    def refresh(
        self, job: Any, row: Row, folder: JobFolder, recorded: set[str], *, stores: bool = True
    ) -> None:
        """Update a job's details from the record of its run.

        Args:
            job: The job, which changes.
            row: Its row.
            folder: Its folder.
            recorded: The tasks whose lineage has been stored, which changes.
            stores: Whether to store the job.
        """
        found = folder.read_record()
        if found is None:
            return
        run, record = found
        tasks = describe_tasks(job.name, record, run)
        for task in record.get("tasks", []):
            self._store.link(LOGS, make_number(job.name, task["name"]), job.name, task["name"])
        for detail in tasks:
            if detail["taskId"] not in recorded and detail["state"] not in _OPEN:
                self._lineage.record_task(job, detail)
                recorded.add(detail["taskId"])
        content = {"taskDetails": tasks, **self._lineage.describe_contexts(job)}
        job.job_detail.CopyFrom(make_message("PipelineJobDetail", content))
        if stores:
            write_job(self._store, job, {**row.fields, "run": run.name})

    def end(self, job: Any, row: Row, state: int, message: str = "") -> None:
        """Store the end of a job."""
        now = read_clock()
        job.state = state
        job.end_time.FromDatetime(now)
        if message:
            number = job.name.split("/")[1]
            project = self._projects.find_id(number)
            job.error.code = _CODES.get(state, 0)
            job.error.message = (
                f"{message}; Job (project_id = {project}, job_id = {row.fields['number']}) is "
                "failed due to the above error."
            )
        self._close_tasks(job, state)
        write_job(self._store, job, {**row.fields, "end_time": write_time(now)})

    def _close_tasks(self, job: Any, state: int) -> None:
        """Leave no task open in a job that has ended, whatever its last record says."""
        states = find_message("PipelineTaskDetail").State
        last = states.CANCELLED if state == CANCELLED else states.FAILED
        for detail in job.job_detail.task_details:
            if detail.state in {states.PENDING, states.RUNNING}:
                detail.state = states.NOT_TRIGGERED if not detail.HasField("start_time") else last


def write_job(store: Store, job: Any, fields: Mapping[str, Any], *, new: bool = False) -> None:
    """Store a job with the fields by which lists are filtered and ordered."""
    now = read_clock()
    job.update_time.FromDatetime(now)
    known = {
        **fields,
        "state": job.state,
        "display_name": job.display_name,
        "pipeline_job_user_id": split_name(job.name)[1],
        "pipeline_name": _find_pipeline_name(job),
        "labels": dict(job.labels),
        "template_uri": job.template_uri,
        "template_metadata": {"version": job.template_metadata.version},
        "schedule_name": job.schedule_name,
        "update_time": write_time(now),
    }
    store.put(KIND, job.name, find_location(job.name), job, known, new=new)


def _find_pipeline_name(job: Any) -> str:
    info = job.pipeline_spec.fields.get("pipelineInfo")
    return "" if info is None else str(info.struct_value.fields["name"].string_value)
