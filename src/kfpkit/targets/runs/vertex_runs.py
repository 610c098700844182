"""The runs of Vertex AI, and of its emulator."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from google.protobuf.message import Message

from kfpkit.errors import (
    AmbiguousRunError,
    MissingLogError,
    UncancellableRunError,
    UnknownRunError,
    UnretryableRunError,
)
from kfpkit.local.launching import read_environment_name
from kfpkit.project import Project
from kfpkit.runs.history import RunFilter, RunLine, find_task
from kfpkit.runs.record import RunRecord, RunState
from kfpkit.targets.runs.artifact_content import read_content
from kfpkit.targets.runs.target_runs import ArtifactContent, TargetRun
from kfpkit.targets.vertex.records import STATES, describe_job, describe_line, find_log_jobs
from kfpkit.targets.vertex.service import (
    Connection,
    associate_run,
    cancel_run,
    find_run,
    list_runs,
)
from kfpkit.targets.vertex.watching import fetch_log, list_log
from kfpkit.targets.watching import choose_rhythm
from kfpkit.vertex import print_message

_LATEST = re.compile(r"latest(?:~(\d{1,4}))?")
_ID = re.compile(r"[a-z0-9-]+")
_FIELDS = (
    "name",
    "state",
    "displayName",
    "pipelineSpec.pipelineInfo",
    "createTime",
    "startTime",
    "endTime",
    "labels",
)
_SHOWN = 6  # of runs whose ids begin alike
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, kw_only=True)
class VertexRuns:
    """The runs of a project and region. See `TargetRuns`.

    Args:
        connection: A connection to the target's services.
        project: The project that has the target, whose environments the tasks run in.
    """

    connection: Connection
    project: Project

    def list_runs(self, wanted: RunFilter, limit: int | None = None) -> Sequence[RunLine]:
        """List runs, which Vertex AI filters. See `TargetRuns`."""
        jobs = self._list(write_condition(wanted), limit)
        return [describe_line(job) for job in jobs]

    def find(self, wanted: str) -> str:
        """Return the id of the run that a short name means. See `TargetRuns`."""
        target = self.connection.target.name
        latest = _LATEST.fullmatch(wanted)
        if latest:
            back = int(latest[1] or 0)
            jobs = self._list("", back + 1)
            if len(jobs) > back:
                return _get_id(jobs[back])
        elif _ID.fullmatch(wanted):
            if find_run(self.connection, self._name(wanted)) is not None:
                return wanted
            jobs = self._list(f'pipeline_job_user_id:"{wanted}*"', _SHOWN)
            if len(jobs) == 1:
                return _get_id(jobs[0])
            if jobs:
                found = [f"{target}:{_get_id(job)}" for job in jobs]
                raise AmbiguousRunError(run=f"{target}:{wanted}", found=found)
        raise UnknownRunError(run=wanted, target=target)

    def fetch(self, run: str) -> TargetRun:
        """Fetch a run. See `TargetRuns`."""
        job = self._fetch(run)
        record = self._describe(job)
        spec = print_message(job).get("pipelineSpec")
        text = yaml.dump(spec, Dumper=_Dumper, sort_keys=False) if spec else ""
        return TargetRun(record=record, pipeline=text)

    def read_log(
        self, run: str, task: str, *, follows: bool = False, lines: int | None = None
    ) -> Iterator[str]:
        """Yield the lines of a task's log, which Cloud Logging has. See `TargetRuns`."""
        jobs = self._find_log_jobs(run, task, waits=follows)
        if lines is not None:
            yield from fetch_log(self.connection, jobs[-1], lines)
            return
        for job in jobs[:-1]:
            yield from (entry.text for entry in list_log(self.connection, job))
        yield from self._follow(run, task, jobs[-1], follows=follows)

    def read_artifact(self, uri: str, most: int) -> ArtifactContent:
        """Read the content of an artifact. See `TargetRuns`."""
        return read_content(self.connection, self.project, uri, most)

    def cancel(self, run: str) -> str:
        """Begin to cancel a run. See `TargetRuns`."""
        name = self._name(run)
        record = self._describe(self._fetch(run))
        if _has_ended(record):
            raise UncancellableRunError(
                run=f"{self.connection.target.name}:{run}",
                cause=f"it has ended already: {record.state.value}",
                remedy=f"`kfpkit runs show {self.connection.target.name}:{run}` shows it",
            )
        cancel_run(self.connection, name)
        word = str(print_message(self._fetch(run)).get("state", ""))
        return word.removeprefix("PIPELINE_STATE_").lower()

    def retry(self, run: str) -> str:
        """Refuse to retry a run. See `TargetRuns`."""
        raise UnretryableRunError(
            run=f"{self.connection.target.name}:{run}",
            cause="only a preview of Vertex AI's API retries from the failed task",
            remedy="Submit the pipeline again; its cache has the tasks that succeeded",
        )

    def associate(self, run: str, experiment: str) -> None:
        """Add a run to an experiment. See `TargetRuns`."""
        associate_run(self.connection, self._name(run), experiment)

    def _follow(self, run: str, task: str, job: str, *, follows: bool) -> Iterator[str]:
        rhythm = choose_rhythm(self.connection.target.kind)
        seen: set[str] = set()
        after = ""
        while True:
            # Asked before the log, so that nothing written in between is missed.
            is_over = not follows or self._is_over(run, task)
            for entry in list_log(self.connection, job, after):
                if entry.id not in seen:
                    yield entry.text
                seen.add(entry.id)
                after = entry.time
            if is_over:
                return
            time.sleep(rhythm.first)

    def _is_over(self, run: str, task: str) -> bool:
        record = self._describe(self._fetch(run))
        return _has_ended(record) or find_task(record, task).state.is_final

    def _find_log_jobs(self, run: str, task: str, *, waits: bool) -> tuple[str, ...]:
        while True:
            job = self._fetch(run)
            record = self._describe(job)
            found = find_task(record, task)
            jobs = find_log_jobs(job, found.name)
            if jobs:
                return jobs
            if not waits or found.state.is_final or _has_ended(record):
                raise MissingLogError(
                    run=f"{self.connection.target.name}:{run}",
                    task=found.name,
                    state=found.state.value,
                    log=None,
                )
            time.sleep(choose_rhythm(self.connection.target.kind).first)

    def _describe(self, job: Message) -> RunRecord:
        target = self.connection.target
        return describe_job(job, target, name_environment=self._name_environment)

    def _fetch(self, run: str) -> Message:
        found = find_run(self.connection, self._name(run))
        if found is None:
            raise UnknownRunError(run=run, target=self.connection.target.name)
        return found

    def _list(self, condition: str, most: int | None) -> list[Message]:
        parent = self.connection.target.parent
        return list_runs(self.connection, parent, condition=condition, most=most, fields=_FIELDS)

    def _name(self, run: str) -> str:
        return f"{self.connection.target.parent}/pipelineJobs/{run}"

    def _name_environment(self, image: str) -> str:
        return read_environment_name(self.project, image) or image


def write_condition(wanted: RunFilter) -> str:
    """Return the filter of a request that lists runs.

    Args:
        wanted: Which runs.
    """
    parts = []
    if wanted.pipeline is not None:
        parts.append(f"pipeline_name={json.dumps(wanted.pipeline)}")
    if wanted.state is not None:
        words = [word for word, state in STATES.items() if state.value == wanted.state]
        parts.append("(" + " OR ".join(f'state="{word}"' for word in words) + ")")
    if wanted.since is not None:
        parts.append(f'create_time>="{wanted.since.isoformat()}"')
    if wanted.until is not None:
        parts.append(f'create_time<"{wanted.until.isoformat()}"')
    parts += [f"labels.{key}={json.dumps(value)}" for key, value in wanted.labels.items()]
    return " AND ".join(parts)


def _has_ended(record: RunRecord) -> bool:
    return record.state not in {RunState.WAITING, RunState.RUNNING}


def _get_id(job: Any) -> str:
    return str(job.name).rpartition("/")[2]
