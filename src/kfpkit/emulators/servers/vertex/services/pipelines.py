"""PipelineService: pipeline jobs, which really run."""

from __future__ import annotations

import re
from typing import Any

from ..filtering import Fields
from ..filtering.conditions import MAP, PATTERN, TEXT, TIME, Field
from ..google_messages import find_message, make_message, print_message
from ..jobs import Runner
from ..jobs.results import write_job
from ..jobs.runner import CANCELLING, OPEN, PENDING
from ..listing import Page, Query, list_page
from ..names import (
    Projects,
    find_location,
    make_id,
    read_clock,
    require_location,
    write_time,
)
from ..refusals import existing, invalid, missing, unmet
from ..store import Row, Store
from .input_artifacts import read_artifacts
from .job_check import check_job, read_parameters
from .operations import Operations
from .templates import Templates

KIND = "PipelineJob"
_STATES = {
    name: value.number
    for name, value in find_message("PipelineJob")
    .DESCRIPTOR.fields_by_name["state"]
    .enum_type.values_by_name.items()
}
FIELDS = Fields(
    fields={
        "pipeline_name": TEXT,
        "display_name": PATTERN,
        "pipeline_job_user_id": PATTERN,
        "state": Field(words=_STATES),
        "create_time": TIME,
        "update_time": TIME,
        "start_time": TIME,
        "end_time": TIME,
        "labels": MAP,
        "template_uri": PATTERN,
        "template_metadata.version": PATTERN,
        "schedule_name": TEXT,
    }
)
_ORDERS = ("create_time", "update_time", "end_time", "start_time")
_ID = re.compile(r"[a-z][-a-z0-9]{0,127}")
_BILLING = "vertex-ai-pipelines-run-billing-id"
_MOST = 32
_FAIL_FAST = 2  # PIPELINE_FAILURE_POLICY_FAIL_FAST


class Pipelines:
    """The pipeline jobs."""

    def __init__(
        self,
        store: Store,
        projects: Projects,
        operations: Operations,
        runner: Runner,
        templates: Templates,
    ) -> None:
        """Keep the jobs in the `store`, and have the `runner` run them."""
        self._store = store
        self._projects = projects
        self._operations = operations
        self._runner = runner
        self._templates = templates

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        return {
            "CreatePipelineJob": self.create_job,
            "GetPipelineJob": self.get_job,
            "ListPipelineJobs": self.list_jobs,
            "CancelPipelineJob": self.cancel_job,
            "DeletePipelineJob": self.delete_job,
            "BatchDeletePipelineJobs": self.batch_delete,
            "BatchCancelPipelineJobs": self.batch_cancel,
        }

    def create_job(self, request: Any) -> Any:
        """Create a job, which then runs."""
        parent = self._projects.canonize(request.parent)
        require_location(parent)
        job = find_message(KIND)()
        job.CopyFrom(request.pipeline_job)
        spec = self._load_specification(job)
        check_job(job, spec)
        job_id = request.pipeline_job_id or _make_job_id(spec)
        if not _ID.fullmatch(job_id):
            raise invalid(
                f"Invalid `pipeline_job_id`: `{job_id}`. Use at most 128 lower-case letters, "
                "digits and hyphens, and begin with a letter."
            )
        job.name = f"{parent}/pipelineJobs/{job_id}"
        described = self._describe(job, spec)
        self._complete(job)
        return self._store_new(job, spec, described)

    def _load_specification(self, job: Any) -> dict[str, Any]:
        """Return the compiled pipeline, which a job gets from its template unless it has one."""
        job.ClearField("template_metadata")
        if job.template_uri and not job.pipeline_spec.fields:
            template = self._templates.load(job.template_uri)
            loaded = make_message(KIND, {"pipelineSpec": template.content})
            job.pipeline_spec.CopyFrom(loaded.pipeline_spec)
            job.template_metadata.version = template.version
        spec: dict[str, Any] = print_message(job).get("pipelineSpec", {})
        return spec

    def _complete(self, job: Any) -> None:
        """Fill in what the service itself sets."""
        for field in ("start_time", "end_time", "job_detail", "error", "update_time"):
            job.ClearField(field)
        if job.template_uri and not job.template_metadata.version:
            job.template_metadata.version = self._templates.find_version(job.template_uri)
        project = job.name.split("/")[1]
        if not job.service_account:
            job.service_account = f"{project}-compute@developer.gserviceaccount.com"
        job.create_time.FromDatetime(read_clock())
        job.state = PENDING

    def _store_new(self, job: Any, spec: dict[str, Any], described: dict[str, Any]) -> Any:
        number = make_id()
        job.labels[_BILLING] = number
        created = write_time(job.create_time.ToDatetime(read_clock().tzinfo))
        fields = {"number": number, "create_time": created}
        row = Row(name=job.name, fields=fields, body=b"", text="")
        with self._store.lock:
            if self._store.get(job.name) is not None:
                raise existing(job.name)
            self._runner.open_folder(row).write(spec, described)
            write_job(self._store, job, fields, new=True)
        self._runner.notify()
        return job

    def _describe(self, job: Any, spec: dict[str, Any]) -> dict[str, Any]:
        """Return what the job's process is told besides the compiled pipeline."""
        return {
            "name": job.name,
            "store": f"{find_location(job.name)}/metadataStores/default",
            "parameters": read_parameters(job, spec),
            "artifacts": read_artifacts(job, spec, self._store),
            "fails_fast": job.runtime_config.failure_policy == _FAIL_FAST,
        }

    def get_job(self, request: Any) -> Any:
        """Return a job."""
        return self._read(request.name)[0]

    def _read(self, name: str) -> tuple[Any, Row]:
        found = self._projects.canonize(name)
        row = self._store.get(found)
        if row is None:
            raise missing("PipelineJob", found)
        return find_message(KIND).FromString(row.body), row

    def list_jobs(self, request: Any) -> Page:
        """List a page of jobs."""
        parent = self._projects.canonize(request.parent)
        require_location(parent)
        query = Query(
            kind=KIND,
            parent=parent,
            fields=FIELDS,
            orders=_ORDERS,
            filter=request.filter,
            order_by=request.order_by,
            page_size=request.page_size,
            page_token=request.page_token,
        )
        rows, token = list_page(self._store, query)
        return Page(
            response="ListPipelineJobsResponse",
            field="pipeline_jobs",
            kind=KIND,
            rows=rows,
            token=token,
            mask=tuple(request.read_mask.paths),
        )

    def cancel_job(self, request: Any) -> Any:
        """Begin to cancel a job. One that has ended stays as it is."""
        job, _ = self._read(request.name)
        if job.state not in OPEN:
            state = find_message("PipelineJob").DESCRIPTOR.fields_by_name["state"].enum_type
            word = state.values_by_number[job.state].name
            raise unmet(f"The PipelineJob {job.name} is in state {word} and cannot be cancelled.")
        self._runner.cancel(job.name)
        return find_message("google.protobuf.Empty")()

    def delete_job(self, request: Any) -> Any:
        """Delete a job that has ended."""
        job, _ = self._read(request.name)
        self._require_ended([job])
        self._runner.forget(job.name)
        metadata = find_message("DeleteOperationMetadata")()
        empty = find_message("google.protobuf.Empty")()
        return self._operations.start(find_location(job.name), metadata, empty)

    def batch_delete(self, request: Any) -> Any:
        """Delete several jobs, or none."""
        jobs = self._read_batch(request)
        self._require_ended(jobs)
        for job in jobs:
            self._runner.forget(job.name)
        response = find_message("BatchDeletePipelineJobsResponse")(pipeline_jobs=jobs)
        metadata = find_message("DeleteOperationMetadata")()
        return self._operations.start(find_location(jobs[0].name), metadata, response)

    def batch_cancel(self, request: Any) -> Any:
        """Begin to cancel several jobs. Those that have ended stay as they are."""
        jobs = self._read_batch(request)
        for job in jobs:
            self._runner.cancel(job.name)
        response = find_message("BatchCancelPipelineJobsResponse")(
            pipeline_jobs=[self._read(job.name)[0] for job in jobs]
        )
        metadata = find_message("BatchCancelPipelineJobsOperationMetadata")()
        return self._operations.start(find_location(jobs[0].name), metadata, response)

    def _read_batch(self, request: Any) -> list[Any]:
        parent = self._projects.canonize(request.parent)
        if not 0 < len(request.names) <= _MOST:
            raise invalid(f"Invalid `names`: name 1 to {_MOST} PipelineJobs.")
        jobs = [self._read(name)[0] for name in request.names]
        for job in jobs:
            if find_location(job.name) != parent:
                raise invalid(f"Invalid `names`: {job.name} is not in {parent}.")
        return jobs

    def _require_ended(self, jobs: list[Any]) -> None:
        for job in jobs:
            if job.state in OPEN:
                how = "is being cancelled" if job.state == CANCELLING else "is still running"
                raise unmet(f"The PipelineJob {job.name} {how}. Cancel it, and delete it later.")


def _make_job_id(spec: dict[str, Any]) -> str:
    name = spec["pipelineInfo"]["name"]
    now = read_clock().strftime("%Y%m%d%H%M%S")
    return f"{re.sub(r'[^-a-z0-9]+', '-', str(name).lower())[:100]}-{now}"
