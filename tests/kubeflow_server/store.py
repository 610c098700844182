"""The resources of a Kubeflow Pipelines server, as types of KFP's generated API."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta, timezone

import kfp_server_api as api
import yaml

from kubeflow_server.listing import list_page
from kubeflow_server.refusals import EXISTS, INVALID, MISSING, RefusalError

NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""What the server answers for a time that hasn't come."""

MOST_PARAMETER_BYTES = 10_000
_COMMON = {"created_at", "description", "display_name", "name", "namespace"}
_RUN_KEYS = _COMMON | {"experiment_id", "finished_at", "recurring_run_id", "run_id"}
_RUN_KEYS |= {"scheduled_at", "state", "storage_state"}
_CRON_FIELDS = 6


class Store:
    """Experiments, runs, pipelines, versions and recurring runs by their ids."""

    def __init__(self):
        self.experiments = {}
        self.runs = {}
        self.pipelines = {}
        self.versions = {}
        self.recurring_runs = {}
        self.logs = {}  # by the names of pods
        self.multi_user = False
        self.end = None  # the state in which runs end when they are asked for, and their tasks
        self._last = NEVER
        self.default = self.create_experiment(api.V2beta1Experiment(display_name="Default"))

    def now(self):
        """Return the time in whole seconds, which is what the server stores."""
        self._last = max(datetime.now(timezone.utc).replace(microsecond=0), self._last)
        return self._last

    def check_health(self):
        return api.V2beta1GetHealthzResponse(multi_user=self.multi_user, pipeline_store="database")

    def create_experiment(self, experiment):
        self._require_name(experiment.display_name, "experiment")
        for each in self.experiments.values():
            if (each.display_name, each.namespace) == (
                experiment.display_name,
                experiment.namespace,
            ):
                name = experiment.display_name
                raise RefusalError(EXISTS, f"Already exist error: experiment {name} already exists")
        experiment.experiment_id = str(uuid.uuid4())
        experiment.created_at = self.now()
        experiment.last_run_created_at = NEVER
        experiment.storage_state = "AVAILABLE"
        self.experiments[experiment.experiment_id] = experiment
        return experiment

    def list_experiments(self, query):
        namespace = query.get("namespace", [None])[0]
        found = [
            each
            for each in self.experiments.values()
            if not self.multi_user or each.namespace == namespace
        ]
        page, token, total = list_page(found, query, _COMMON | {"experiment_id", "storage_state"})
        return api.V2beta1ListExperimentsResponse(
            experiments=page or None, next_page_token=token, total_size=total
        )

    def create_run(self, run):
        self._require_name(run.display_name, "run")
        experiment = self.find("experiments", run.experiment_id or self.default.experiment_id)
        reference = run.pipeline_version_reference
        if run.pipeline_spec is None and reference is not None:
            version = self._find_version(reference)
            run.pipeline_version_reference.pipeline_version_id = version.pipeline_version_id
            content = version.pipeline_spec
        else:
            content = run.pipeline_spec
        self._check_parameters(content, run.runtime_config)
        run.run_id = str(uuid.uuid4())
        run.experiment_id = experiment.experiment_id
        run.created_at = run.scheduled_at = self.now()
        run.finished_at = NEVER
        run.storage_state = "AVAILABLE"
        run.state = "PENDING"
        self.runs[run.run_id] = run
        experiment.last_run_created_at = run.created_at
        return run

    def get_run(self, run_id):
        run = self.find("runs", run_id)
        if run.state == "CANCELING":
            self.end_run(run_id, "CANCELED")
        elif run.state == "PENDING" and self.end is not None:
            self.end_run(run_id, *self.end)
        return run

    def end_run(self, run_id, state, tasks=(), error=None):
        """Let a run end. A task is its name and state, and more of a task's fields."""
        run = self.find("runs", run_id)
        run.state = state
        run.finished_at = self.now() + timedelta(seconds=7)
        run.error = error and api.GoogleRpcStatus(code=13, message=error)
        run.run_details = api.V2beta1RunDetails(
            task_details=[
                api.V2beta1PipelineTaskDetail(
                    run_id=run_id,
                    task_id=str(uuid.uuid4()),
                    display_name=name,
                    state=own_state,
                    create_time=run.created_at,
                    start_time=run.created_at,
                    end_time=run.finished_at,
                    **more,
                )
                for name, own_state, more in tasks
            ]
        )

    def list_runs(self, query):
        experiment = query.get("experiment_id", [None])[0]
        namespace = query.get("namespace", [None])[0]
        found = []
        for each in self.runs.values():
            own = self.experiments[each.experiment_id].namespace
            is_there = experiment is not None or not self.multi_user or own == namespace
            if is_there and experiment in {None, each.experiment_id}:
                found.append(each)
        page, token, total = list_page(found, query, _RUN_KEYS)
        return api.V2beta1ListRunsResponse(
            runs=page or None, next_page_token=token, total_size=total
        )

    def terminate_run(self, run_id):
        run = self.find("runs", run_id)
        if run.state not in {"PENDING", "RUNNING", "PAUSED"}:
            raise RefusalError(INVALID, f"Failed to terminate a run {run_id}. Row not found")
        run.state = "CANCELING"

    def retry_run(self, run_id):
        """Let a run go on with the tasks that have succeeded."""
        run = self.find("runs", run_id)
        if run.state not in {"FAILED", "CANCELED"}:
            raise RefusalError(INVALID, f"Failed to retry run {run_id}: its state is {run.state}")
        run.state, run.finished_at = "RUNNING", NEVER
        details = run.run_details and run.run_details.task_details
        kept = [each for each in details or () if each.state == "SUCCEEDED"]
        run.run_details = api.V2beta1RunDetails(task_details=kept)

    def read_log(self, run_id, pod):
        """Return the log of a pod. An error is part of the answer."""
        self.find("runs", run_id)
        if pod in self.logs:
            return self.logs[pod]
        text = f"Failed to read logs from pod {pod} due to error opening log stream"
        return json.dumps({"error_message": text, "error_details": text}, separators=(",", ":"))

    def upload_pipeline(self, name, content, query):
        """Create a pipeline with its first version, from the content of a compiled one."""
        spec = _read_pipeline(content)
        own = {key: query.get(key, [None])[0] for key in ("description", "namespace")}
        pipeline = self.create_pipeline(api.V2beta1Pipeline(display_name=name, **own))
        self._add_version(pipeline.pipeline_id, name, spec, pipeline.description)
        return pipeline

    def create_pipeline(self, pipeline):
        """Create a pipeline without a version."""
        name = pipeline.display_name
        self._require_name(name, "pipeline")
        if any(each.display_name == name for each in self.pipelines.values()):
            raise RefusalError(EXISTS, f"The pipeline name {name} already exists")
        pipeline.pipeline_id = str(uuid.uuid4())
        pipeline.name = name
        pipeline.created_at = self.now()
        self.pipelines[pipeline.pipeline_id] = pipeline
        return pipeline

    def create_version(self, content, query):
        pipeline = self.find("pipelines", query["pipelineid"][0])
        name = query["name"][0]
        of_pipeline = [
            each for each in self.versions.values() if each.pipeline_id == pipeline.pipeline_id
        ]
        if any(each.display_name == name for each in of_pipeline):
            raise RefusalError(EXISTS, f"The pipeline version name {name} already exists")
        spec = _read_pipeline(content)
        description = query.get("description", [None])[0]
        return self._add_version(pipeline.pipeline_id, name, spec, description)

    def _add_version(self, pipeline, name, spec, description):
        version = api.V2beta1PipelineVersion(
            pipeline_id=pipeline,
            pipeline_version_id=str(uuid.uuid4()),
            display_name=name,
            name=name,
            description=description,
            created_at=self.now(),
            pipeline_spec=spec,
        )
        self.versions[version.pipeline_version_id] = version
        return version

    def list_pipelines(self, query):
        page, token, total = list_page(self.pipelines.values(), query, _COMMON | {"pipeline_id"})
        return api.V2beta1ListPipelinesResponse(
            pipelines=page or None, next_page_token=token, total_size=total
        )

    def list_versions(self, pipeline, query):
        own = [each for each in self.versions.values() if each.pipeline_id == pipeline]
        page, token, total = list_page(own, query, _COMMON | {"pipeline_version_id"})
        return api.V2beta1ListPipelineVersionsResponse(
            pipeline_versions=page or None, next_page_token=token, total_size=total
        )

    def create_recurring_run(self, recurring):
        self._require_name(recurring.display_name, "recurring run")
        schedule = recurring.trigger and recurring.trigger.cron_schedule
        if schedule and len(schedule.cron.split()) != _CRON_FIELDS:
            raise RefusalError(INVALID, f"Schedule cron is not a supported format: {schedule.cron}")
        recurring.recurring_run_id = str(uuid.uuid4())
        recurring.created_at = recurring.updated_at = self.now()
        recurring.status = "ENABLED" if recurring.mode == "ENABLE" else "DISABLED"
        self.recurring_runs[recurring.recurring_run_id] = recurring
        return recurring

    def list_recurring_runs(self, query):
        keys = _COMMON | {"recurring_run_id", "status", "experiment_id"}
        page, token, total = list_page(self.recurring_runs.values(), query, keys)
        return api.V2beta1ListRecurringRunsResponse(
            recurring_runs=page or None, next_page_token=token, total_size=total
        )

    def find(self, kind, name):
        """Return a resource of a kind, the name of one of the dictionaries."""
        found = getattr(self, kind).get(name)
        if found is None:
            what = kind.removesuffix("s").replace("_", " ").capitalize()
            raise RefusalError(MISSING, f"ResourceNotFoundError: {what} {name} not found.")
        return found

    def remove(self, kind, name):
        self.find(kind, name)
        del getattr(self, kind)[name]

    def _find_version(self, reference):
        if reference.pipeline_version_id:
            return self.find("versions", reference.pipeline_version_id)
        own = [each for each in self.versions.values() if each.pipeline_id == reference.pipeline_id]
        if not own:
            raise RefusalError(MISSING, f"No version of the pipeline {reference.pipeline_id}.")
        return own[-1]

    def _require_name(self, name, what):
        if not name:
            raise RefusalError(INVALID, f"The {what} name is empty. Please specify a valid name")

    def _check_parameters(self, content, config):
        if not content:
            raise RefusalError(INVALID, "Failed to fetch a template with an empty pipeline spec")
        spec = content.get("pipeline_spec", content)
        values = (config and config.parameters) or {}
        if len(json.dumps(values).encode()) > MOST_PARAMETER_BYTES:
            message = f"The input parameter length exceed maximum size of {MOST_PARAMETER_BYTES}"
            raise RefusalError(INVALID, message)
        declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
        for name, each in declared.items():
            if name not in values and not each.get("isOptional") and "defaultValue" not in each:
                message = f"parameter {name} is not optional, yet has neither default value nor "
                raise RefusalError(INVALID, f"{message}user provided value")


def _read_pipeline(content):
    try:
        spec, *platforms = yaml.safe_load_all(content)
        spec["pipelineInfo"]["name"]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise RefusalError(INVALID, f"Invalid pipeline spec: {error}") from None
    return {"pipeline_spec": spec, "platform_spec": platforms[0]} if platforms else spec
